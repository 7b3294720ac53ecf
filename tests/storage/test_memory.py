"""What the writer remembers of small tables is what is there: after own writes, undone ones, and those of others."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.core.instants import SECOND
from storage.database import Database
from storage.link_rows import LinkRow
from storage.repositories.backups import BackupRow
from storage.repositories.bindings import BindingRow
from storage.rows import ConversationRow, EventRow, GroupRow
from storage.tie_rows import AwaitedReplyRow
from storage.unit_of_work import UnitOfWork
from tests.storage.test_writer import behind_a_gate

Unit = Callable[[UnitOfWork], Any]


@dataclass(frozen=True)
class Case:
    """A question, what writes another answer, and that answer."""

    ask: Unit
    write: Unit
    after: Any


def label(id_: str, topic: str) -> EventRow:
    return EventRow(id_, "label", SECOND, "m", None, f'{{"message": "x", "topic": "{topic}"}}')


CASES = {
    "links": Case(lambda u: u.links.main("old"), lambda u: u.links.save([LinkRow("old", "new", 0)]), "new"),
    "forgotten": Case(lambda u: u.forgotten.any(), lambda u: u.forgotten.add("h", 1, "why"), True),
    "backups": Case(
        lambda u: u.backups.of_admins(["a"]), lambda u: u.backups.add([BackupRow("e", "a", "b", 1)]), {"a": {"b"}}
    ),
    "bindings": Case(
        lambda u: u.bindings.owners(["acc"]), lambda u: u.bindings.add([BindingRow("e", "acc", "m", 1)]), {"acc": "m"}
    ),
    "deployment": Case(lambda u: u.deployment.get("k"), lambda u: u.deployment.put("k", "v"), "v"),
    "conversations": Case(
        lambda u: u.conversations.asking({"m"}),
        lambda u: u.conversations.put(ConversationRow("m", None, "direct", {}, 1, None, "asking")),
        {"m"},
    ),
    "groups": Case(lambda u: u.groups.get("g"), lambda u: u.groups.save([GroupRow("g")]), GroupRow("g")),
    "labels": Case(lambda u: u.labels.topics(), lambda u: u.events.add([label("l", "文化")]), ({"x": "文化"}, {})),
    "end of the log": Case(lambda u: u.events.last_at(), lambda u: u.events.add([label("k", "文化")]), SECOND),
    "awaited replies": Case(
        lambda u: [row.event for row in u.ties.arrived(["said"])],
        lambda u: u.ties.wait([AwaitedReplyRow("e", "said", "m", 1)]),
        ["e"],
    ),
}


def answers(database: Database) -> dict[str, Any]:
    return {name: database.write_sync(case.ask) for name, case in CASES.items()}


AFTER = {name: case.after for name, case in CASES.items()}


def test_own_writes_are_seen_at_once(database: Database) -> None:
    def write_and_ask(case: Case) -> Unit:
        return lambda uow: (case.write(uow), case.ask(uow))[1]

    before = answers(database)
    assert not any(before[name] == after for name, after in AFTER.items())
    assert {name: database.write_sync(write_and_ask(case)) for name, case in CASES.items()} == AFTER


def test_what_others_write_is_seen(database: Database, database_url: str) -> None:
    answers(database)
    other = Database(database_url)
    for case in CASES.values():
        other.write_sync(case.write)
    other.close()
    assert answers(database) == AFTER


@pytest.mark.parametrize("together", [False, True])
def test_what_was_undone_is_not_believed(database: Database, *, together: bool) -> None:
    """A unit that fails alone, and one that fails among others and is undone by its savepoint."""

    def fails(uow: UnitOfWork) -> None:
        for case in CASES.values():
            case.write(uow)
        assert {name: case.ask(uow) for name, case in CASES.items()} == AFTER
        raise ValueError

    before = answers(database)
    if together:
        results = asyncio.run(behind_a_gate(database, [fails, CASES["groups"].ask]))
        assert isinstance(results[0], ValueError)
        assert results[1] is None
    else:
        with pytest.raises(ValueError):
            database.write_sync(fails)
    assert answers(database) == before


def test_restored_rows_are_seen(sqlite_database: Database, tmp_path: Path) -> None:
    sqlite_database.write_sync(CASES["groups"].write)
    sqlite_database.backup(tmp_path / "saved")
    sqlite_database.write_sync(lambda uow: uow.groups.save([GroupRow("g", "renamed")]))
    assert sqlite_database.write_sync(CASES["groups"].ask) == GroupRow("g", "renamed")
    sqlite_database.restore(tmp_path / "saved")
    assert sqlite_database.write_sync(CASES["groups"].ask) == GroupRow("g")
