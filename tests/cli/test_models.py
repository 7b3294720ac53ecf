"""`models`: what was learned, as one sees and undoes it on the command line."""

from __future__ import annotations

from storage.database import Database
from storage.review_rows import LessonRow
from tests.cli.conftest import Cli


def test_versions_are_listed_and_rolled_back(each_cli: Cli, database_url: str) -> None:
    assert each_cli("models", "list", "--json").document == []
    database = Database(database_url)
    for at in (5, 9):
        database.write_sync(lambda uow, at=at: uow.reviews.keep(LessonRow(0, at, 3, b"x", 0.9, 1)))
    database.close()
    assert [one["active"] for one in each_cli("models", "list", "--json").document] == [False, True]
    assert "第 2 版" in each_cli("models", "rollback").out
    found = each_cli("models", "list", "--json").document
    assert [(one["number"], one["active"], one["rolled_back"]) for one in found] == [(1, True, False), (2, False, True)]
    assert "学到的模型" in each_cli("models", "list").out
    each_cli("models", "rollback")
    last = each_cli("models", "rollback")
    assert (last.code, last.err.count("\n")) == (1, 1)
