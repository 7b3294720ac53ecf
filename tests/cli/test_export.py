"""`export`: three formats, masked by role, without formulas."""

from __future__ import annotations

import csv
import hashlib
import hmac
import io
import subprocess
import sys
from collections import Counter
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


@pytest.fixture
def sharers(each_cli: Cli, tmp_path: Path) -> Cli:
    """Of twelve members of an old group three agreed to be shared; one of them has withdrawn since."""
    lines = [*life()]
    for member in ("m00", "m01", "m02"):
        lines.append(line("consent", f"{member}-share", START + 8 * DAY, member, purposes=["share"], granted=True))
        lines.append(line("bind", f"{member}-old", START + 8 * DAY, member, system="shop", external_id="old"))
    lines.append(line("bind", "m00-bind", START + 9 * DAY, "m00", system="shop", external_id="客户-1"))
    lines.append(line("bind", "m01-bind", START + 9 * DAY, "m01", system="crm", external_id="crm-1"))
    lines.append(line("consent", "m02-no", START + 50 * DAY, "m02", purposes=["share"], granted=False))
    each_cli("events", write(tmp_path / "life.jsonl", lines))
    each_cli("sweep", "--as-of", iso(START + 49 * DAY))
    return each_cli


def key(id_: str) -> str:
    return hmac.new(b"shared-secret", id_.encode(), hashlib.sha256).hexdigest()


def test_only_those_who_agreed_are_handed_out_and_only_by_a_hash(sharers: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET", "shared-secret")
    done = sharers("export", "--share", "--format", "jsonl")
    assert [one["key"] for one in done.lines] == [key("m00"), key("m01")], "m02 has withdrawn since the sweep"
    shown = {one["member"]: one["tags"] for one in sharers("members", "--json").lines}
    for record, member in zip(done.lines, ("m00", "m01"), strict=True):
        assert set(record) == {"key", "tags"}
        wanted = [tag for tag in shown[member] if tag["path"] != "社交关系/邀请人"]
        assert [(tag["path"], tag["source"], tag["since"], tag["rule_set"]) for tag in record["tags"]] == [
            (tag["path"], tag["source"], tag["since"], tag["rule_set"]) for tag in wanted
        ]
        assert all(set(tag) >= {"rule", "rule_set", "since", "source"} for tag in record["tags"])
        assert all("because" not in tag for tag in record["tags"])
    assert not any(word in done.out for word in ("m00", "m01", "昵称"))


def test_what_is_handed_out_is_a_table_too(sharers: Cli, database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET", "shared-secret")
    rows = list(csv.reader(io.StringIO(export(database_url, "--share").decode("utf-8-sig"))))
    assert rows[0] == ["key", "path", "value", "weight", "source", "rule", "rule_set", "since", "expires_at"]
    assert {row[0] for row in rows[1:]} == {key("m00"), key("m01")}
    assert all(row[5] and row[6] for row in rows[1:])


def test_a_system_matches_by_the_ids_it_knows(sharers: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET", "shared-secret")
    told = [one["key"] for one in sharers("export", "--share", "--system", "shop", "--format", "jsonl").lines]
    assert told == [key("客户-1"), key("old")], "the latest binding counts"
    assert [one["key"] for one in sharers("export", "--share", "--system", "crm", "--format", "jsonl").lines] == [
        key("crm-1")
    ]


def test_nothing_is_handed_out_without_a_secret_or_by_half(sharers: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    refused = sharers("export", "--share")
    assert (refused.code, refused.out, len(refused.err.splitlines())) == (1, "", 1)
    assert "BOT_SECRET" in refused.err
    monkeypatch.setenv("BOT_SECRET", "shared-secret")
    for wrong in (("--share", "--totals"), ("--system", "shop")):
        refused = sharers("export", *wrong)
        assert (refused.code, refused.out) == (1, "")


def test_totals_hide_cohorts_under_five(sharers: Cli) -> None:
    counted = Counter((tag["path"], tag["value"]) for one in sharers("members", "--json").lines for tag in one["tags"])
    assert min(counted.values()) < 5 <= max(counted.values())
    told = {
        (one["path"], one["value"]): one["holders"] for one in sharers("export", "--totals", "--format", "jsonl").lines
    }
    assert told == {name: count for name, count in counted.items() if count >= 5 and name[0] != "社交关系/邀请人"}
