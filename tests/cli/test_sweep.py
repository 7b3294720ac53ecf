"""`sweep` and `rebuild`: the same facts give the same tags, in whatever order and pieces they come."""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.core.instants import DAY, iso
from bot.services import sweeps
from storage.database import Database
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, life, line, write

END = iso(START + 49 * DAY)
NewCli = Callable[[], Cli]


def members(cli: Cli, lines: list[Line], folder: Path) -> str:
    assert cli("events", write(folder / "life.jsonl", lines), "--json").document["rejected"] == 0
    assert cli("sweep", "--as-of", END).code == 0
    return cli("members", "--json").out


@pytest.fixture
def in_order(run: Cli, tmp_path: Path) -> str:
    """What the group's life gives when it comes line by line."""
    return members(lambda *told: run("--db", f"sqlite:///{tmp_path}/order.db", *told), life(), tmp_path)


def test_there_is_something_to_compare(in_order: str) -> None:
    for word in ("争议用户", "衰退期", "成熟期", "沉默期", "人口属性/性别", "签到达人", "低活跃"):
        assert word in in_order
    assert "人口属性/年龄" not in in_order, "the consent it rested on was withdrawn"


@pytest.mark.parametrize("seed", [1, 2])
def test_shuffled_lines_give_the_same_members(seed: int, each_cli: Cli, in_order: str, tmp_path: Path) -> None:
    lines = life()
    random.Random(seed).shuffle(lines)
    assert members(each_cli, lines, tmp_path) == in_order


@pytest.mark.parametrize("day", [7, 29])
def test_two_files_with_a_sweep_between_give_the_same(day: int, each_cli: Cli, in_order: str, tmp_path: Path) -> None:
    bar = iso(START + day * DAY) or ""
    early = [one for one in life() if one["at"] <= bar]
    assert each_cli("events", write(tmp_path / "early.jsonl", early)).code == 0
    assert each_cli("sweep", "--as-of", bar).code == 0
    assert members(each_cli, [one for one in life() if one["at"] > bar], tmp_path) == in_order


def test_late_lines_fold_their_members_again_at_once(each_cli: Cli, in_order: str, tmp_path: Path) -> None:
    """Every third line comes only after the sweep; no further sweep is needed."""
    lines = life()
    late = lines[::3]
    members(each_cli, [one for one in lines if one not in late], tmp_path)
    assert each_cli("members", "--json").out != in_order
    assert each_cli("events", write(tmp_path / "late.jsonl", late), "--json").document["new"] == len(late)
    assert each_cli("members", "--json").out == in_order
    assert each_cli("rebuild", "--json").document["changed"] == 0


def test_somebody_met_only_late_is_brought_to_the_last_sweep(cli: Cli, tmp_path: Path) -> None:
    members(cli, life(), tmp_path)
    cli("events", write(tmp_path / "new.jsonl", [line("join", "z", START, "zz", name="迟到")]))
    found = [one for one in cli("members", "--json").lines if one["member"] == "zz"]
    assert "衰退期" in {tag["value"] for tag in found[0]["tags"]}


def test_the_same_time_again_changes_nothing(cli: Cli, tmp_path: Path) -> None:
    cli("events", write(tmp_path / "life.jsonl", life()))
    first = cli("sweep", "--as-of", END, "--json").document
    again = cli("sweep", "--as-of", END, "--json").document
    assert first["flagged"]["new"]
    assert first["flagged"]["dormant"]
    assert first["flagged"]["disruptive"] == ["m03"]
    assert first["stage_changes"]
    assert again == {**first, "stage_changes": [], "planned": []}


@pytest.mark.parametrize("as_of", [iso(START + 48 * DAY), "2026-03-01T00:00:00", "明天", "9999-01-01T00:00:00Z", "nan"])
def test_an_earlier_or_unusable_time_is_refused(as_of: str, cli: Cli, tmp_path: Path) -> None:
    cli("sweep", "--as-of", END)
    done = cli("sweep", "--as-of", as_of, "--json")
    assert (done.code, done.out, done.err.count("\n")) == (1, "", 1)


def test_a_sweep_that_was_cut_off_goes_on_where_it_stopped(
    cli: Cli, run: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = write(tmp_path / "life.jsonl", life())
    other = f"sqlite:///{tmp_path}/other.db"
    run("--db", other, "events", file)
    whole = run("--db", other, "sweep", "--as-of", END, "--json").document
    cli("events", file)
    bring, pages = sweeps.bring_page, []

    def cut(*told: object) -> object:
        pages.append(told)
        if len(pages) == 2:
            raise OSError(28, "没有空间")
        return bring(*told)  # type: ignore[arg-type]

    monkeypatch.setattr("handlers.sweeping.FIRST", 5)
    monkeypatch.setattr(sweeps, "bring_page", cut)
    assert cli("sweep", "--as-of", END).code == 1
    monkeypatch.setattr(sweeps, "bring_page", bring)
    assert cli("sweep", "--as-of", iso(START + 40 * DAY)).code == 1, "it cannot be turned back halfway"
    assert cli("sweep", "--as-of", END, "--json").document == whole


def test_rebuild_changes_nothing_and_mends_what_was_damaged(
    cli: Cli, sqlite_url: str, in_order: str, tmp_path: Path
) -> None:
    members(cli, life(), tmp_path)
    assert cli("rebuild", "--json").document == {"members": 12, "changed": 0}
    database = Database(sqlite_url)
    database.write_sync(lambda uow: uow.tags.delete("m05"))
    database.write_sync(lambda uow: uow.rollups.save([uow.rollups.get(["m06"])["m06"]._replace(facts=b"{}")]))
    database.close()
    assert cli("rebuild", "--json").document["changed"] == 2
    assert cli("members", "--json").out == in_order


def test_rebuild_may_go_on_to_a_time_but_not_back(cli: Cli, in_order: str, tmp_path: Path) -> None:
    cli("events", write(tmp_path / "life.jsonl", life()))
    cli("sweep", "--as-of", iso(START + 20 * DAY))
    assert cli("rebuild", "--as-of", iso(START + 10 * DAY)).code == 1
    assert cli("rebuild", "--as-of", END, "--json").document["changed"] == 0
    assert cli("members", "--json").out == in_order


def test_daily_sweeps_say_what_one_sweep_says(cli: Cli, in_order: str, tmp_path: Path) -> None:
    """Most members sleep through most of them; what is told late wakes who it is about, also by a mention alone."""
    late = [one for number, one in enumerate(life()) if number % 40 == 3]
    cli("events", write(tmp_path / "soon.jsonl", [one for one in life() if one not in late]))
    for day in (20, 21, 22, 23, 24, 30, 38, 48):
        cli("sweep", "--as-of", iso(START + day * DAY))
    cli("events", write(tmp_path / "late.jsonl", late))
    cli("sweep", "--as-of", END)
    assert cli("members", "--json").out == in_order
    assert cli("rebuild", "--json").document["changed"] == 0
    tag = next(tag for one in cli("members", "--json").lines for tag in one["tags"] if tag["path"] == "行为/活跃度")
    found = cli("members", "--tag", f"{tag['path']}={tag['value']}", "--json").lines
    assert found == [one for one in cli("members", "--json").lines if tag["value"] in {t["value"] for t in one["tags"]}]
