"""`export`: three formats, masked by role, without formulas."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
from pathlib import Path

import pytest
from openpyxl import load_workbook

from bot.core.instants import DAY, iso
from bot.services.export import safe
from storage.database import Database
from tests.cli.conftest import Cli
from tests.cli.lines import START, life, line, write

TOP = Path(__file__).parents[2]


@pytest.fixture
def grown(cli: Cli, tmp_path: Path) -> Cli:
    lines = [*life(), line("join", "evil", START, "evil", name="=HYPERLINK(1)")]
    cli("events", write(tmp_path / "life.jsonl", lines))
    cli("sweep", "--as-of", iso(START + 49 * DAY))
    return cli


def export(url: str, *arguments: str) -> bytes:
    command = [sys.executable, "-m", "bot", "--db", url, "export", *arguments]
    return subprocess.run(command, capture_output=True, check=True, timeout=60, cwd=TOP).stdout


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-13", "@x", "\tx", "\r=x", " =1", "＝1"])
def test_no_cell_is_a_formula(cell: str) -> None:
    assert safe(cell).startswith("'")


def test_other_cells_stay_as_they_are() -> None:
    assert [safe(one) for one in ("小王", "a=b", 3.5, None)] == ["小王", "a=b", 3.5, None]


def test_a_table_has_a_row_for_each_tag(grown: Cli, sqlite_url: str) -> None:
    told = list(csv.DictReader(io.StringIO(export(sqlite_url).decode("utf-8-sig"))))
    tags = {
        (one["member"], tag["path"], tag["value"]) for one in grown("members", "--json").lines for tag in one["tags"]
    }
    assert {(row["member"], row["path"], row["value"]) for row in told} == tags
    assert "'=HYPERLINK(1)" in {row["name"] for row in told}
    book = load_workbook(io.BytesIO(export(sqlite_url, "--format", "xlsx")), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    assert {(row[0], row[5], row[6]) for row in rows[1:]} == tags


def test_a_role_gets_what_it_may_see_and_each_export_is_audited(grown: Cli, sqlite_url: str) -> None:
    assert "消费能力" in grown("export", "--format", "jsonl").out
    for role in ("观察员", "管理员"):
        seen = grown("export", "--format", "jsonl", "--as", role)
        assert "消费能力" not in seen.out
        assert {one["score"] for one in seen.lines} == {None}
    assert "争议用户" not in grown("export", "--format", "jsonl", "--as", "观察员").out
    database = Database(sqlite_url)
    audited = [row.action for row in database.read(lambda uow: uow.audit.page())]
    database.close()
    assert audited == ["导出"] * 4
