"""`rules`: tried, activated and rolled back, on both databases."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.core.instants import DAY, HOUR, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, life, line, write

END_AT = START + 20 * DAY + 3 * HOUR
END = iso(END_AT)
STRICTER = "[activity]\nhigh = 0.4\nmiddle = 0.2\n[lifecycle]\ndecline_silence_days = 9\nnewcomer_days = 5\n"


@pytest.fixture
def grown(each_cli: Cli, tmp_path: Path) -> Cli:
    each_cli("events", write(tmp_path / "life.jsonl", life()))
    each_cli("sweep", "--as-of", END)
    return each_cli


def rules(folder: Path, content: str = STRICTER) -> Path:
    file = folder / "new.toml"
    file.write_text(content, encoding="utf-8")
    return file


def held(cli: Cli) -> set[tuple[str, str]]:
    return {
        (one["member"], f"{tag['path']}={tag['value']}")
        for one in cli("members", "--json").lines
        for tag in one["tags"]
    }


def moved(trial: dict[str, Any], side: str) -> set[tuple[str, str]]:
    return {(member, tag) for tag, members in trial[side].items() for member in members}


def queued(cli: Cli) -> Counter[str]:
    return Counter(row["kind"] for row in cli("outbox", "--json").lines if row["status"] == "queued")


def test_a_dry_run_tells_what_activation_then_does_and_stores_nothing(grown: Cli, tmp_path: Path) -> None:
    """Of the two who would decline and agreed to be written to, one is a friend; the other is asked to become one."""
    agreed = [
        line("consent", f"{member}-yes", START + 6 * DAY, member, purposes=["marketing"], granted=True)
        for member in ("m03", "m04")
    ]
    friend = line("friend", "a-friend", START + 6 * DAY, "m03", is_friend=True)
    grown("events", write(tmp_path / "agreed.jsonl", [*agreed, friend]))
    before, shown, waiting = held(grown), grown("members", "--json").out, queued(grown)
    trial = grown("rules", "dry-run", rules(tmp_path), "--json").document
    assert {"生命周期/阶段=衰退期", "行为/活跃度=高活跃"} <= trial["gain"].keys()
    assert trial["would_send"] == {"friend_invite": 1, "recall": 1}
    assert trial["diff"][0] == {"key": "activity.high", "from": 3.0, "to": 0.4}
    assert grown("members", "--json").out == shown
    assert len(grown("rules", "list", "--json").document) == 1
    assert grown("rules", "activate", rules(tmp_path), "--note", "试试", "--json").document == {"number": 2}
    after = held(grown)
    assert (after - before, before - after) == (moved(trial, "gain"), moved(trial, "lose"))
    assert queued(grown) - waiting == Counter(trial["would_send"])
    assert grown("rebuild", "--json").document["changed"] == 0
    assert held(grown) == after
    told = grown("rules", "show", "2", "--json").document
    assert (told["note"], told["author"], told["active"], told["diff"]) == ("试试", "命令行", True, trial["diff"])


@pytest.mark.parametrize("cohort", ["rfm_days = 400\nrfm_total = 1.0", "rfm_days = 400\nwindow_days = 1.0"])
def test_ranks_are_compared_anew(cohort: str, grown: Cli, tmp_path: Path) -> None:
    before, shown = held(grown), grown("members", "--json").out
    file = rules(tmp_path, f"[cohort]\n{cohort}\nrfm_orders = 1\n")
    trial = grown("rules", "dry-run", file, "--json").document
    assert any(tag.startswith("消费能力/RFM=") for tag in trial["gain"])
    grown("rules", "activate", file, "--note", "一")
    after = held(grown)
    assert (after - before, before - after) == (moved(trial, "gain"), moved(trial, "lose"))
    assert grown("rebuild", "--json").document["changed"] == 0
    grown("rules", "rollback", "1")
    assert grown("members", "--json").out == shown


def test_a_roll_back_restores_byte_for_byte(grown: Cli, tmp_path: Path) -> None:
    before = grown("members", "--json").out
    grown("rules", "activate", rules(tmp_path), "--note", "一")
    second = grown("members", "--json").out
    grown("rules", "activate", rules(tmp_path, "[cohort]\nrfm_days = 1\n"), "--note", "二")
    assert grown("rules", "rollback", "2").code == 0
    assert grown("members", "--json").out == second
    assert grown("rules", "rollback", "1").code == 0
    assert grown("members", "--json").out == before
    assert grown("rebuild", "--json").document["changed"] == 0
    assert [one["active"] for one in grown("rules", "list", "--json").document] == [True, False, False]
    assert grown("rules", "rollback", "1").code == 1
    assert grown("rules", "rollback", "3").code == 0
    assert grown("rules", "list", "--json").document[2]["active"]


def test_a_roll_back_keeps_erasures_and_withdrawals(grown: Cli, tmp_path: Path) -> None:
    grown("rules", "activate", rules(tmp_path), "--note", "一")
    grown("erase", "m02")
    no = line("consent", "no", END_AT - HOUR, "m04", purposes=["profile"], granted=False)
    grown("events", write(tmp_path / "no.jsonl", [no]))
    grown("rules", "rollback", "1")
    found = grown("members", "--json").out
    assert "m02" not in found
    assert "人口属性" not in found
    assert grown("rebuild", "--json").document["changed"] == 0


def test_later_sweeps_go_on_under_the_new_rules_as_a_rebuild_does(grown: Cli, tmp_path: Path) -> None:
    grown("rules", "activate", rules(tmp_path, STRICTER + "[cohort]\nleast_members = 2\n"), "--note", "一")
    grown("sweep", "--as-of", iso(START + 49 * DAY))
    shown = grown("members", "--json").out
    assert grown("rebuild", "--json").document["changed"] == 0
    assert grown("members", "--json").out == shown
    grown("rules", "rollback", "1")
    assert grown("rebuild", "--json").document["changed"] == 0


def test_custom_tags_come_and_go_with_the_rules_that_have_them(grown: Cli, tmp_path: Path) -> None:
    before, shown = held(grown), grown("members", "--json").out
    own = '[[custom]]\npath = "自定义/安静"\nvalue = "久"\nwhen = "silence_days >= 5.0"\n'
    file = rules(tmp_path, own)
    trial = grown("rules", "dry-run", file, "--json").document
    assert list(trial["gain"]) == ["自定义/安静=久"]
    assert trial["lose"] == {}
    grown("rules", "activate", file, "--note", "一")
    assert held(grown) - before == moved(trial, "gain")
    assert grown("rebuild", "--json").document["changed"] == 0
    rarer = grown("rules", "dry-run", rules(tmp_path, own.replace("5.0", "90.0")), "--json").document
    assert (rarer["gain"], rarer["lose"]) == ({}, trial["gain"])
    assert rarer["diff"][0]["key"] == "custom:自定义/安静=久"
    without = rules(tmp_path, "[outreach]\naccount_daily = 5\n")
    assert grown("rules", "dry-run", without, "--json").document["lose"] == trial["gain"]
    grown("rules", "rollback", "1")
    assert grown("members", "--json").out == shown


def test_rules_that_differ_in_nothing_are_refused_and_would_do_nothing(grown: Cli, tmp_path: Path) -> None:
    same = rules(tmp_path, "# 只有注释\n")
    assert grown("rules", "dry-run", same, "--json").document == {"gain": {}, "lose": {}, "would_send": {}, "diff": []}
    unheard = rules(tmp_path, "[outreach]\naccount_daily = 5\n")
    assert grown("rules", "dry-run", unheard, "--json").document["gain"] == {}
    done = grown("rules", "activate", rules(tmp_path, ""), "--note", "无")
    assert (done.code, "正在生效" in done.err) == (1, True)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("[activity]\nhihg = 3\n", "activity.hihg"),
        ("[activity]\nhigh = -1\n", "activity.high"),
        ("[spending]\ntotal_middle = 60000\n", "total_middle"),
        ("[tags]\nx = 1\n", "tags"),
        ("x = [", "TOML"),
    ],
)
def test_a_bad_rule_file_is_refused_by_name(content: str, named: str, cli: Cli, tmp_path: Path) -> None:
    for command in (("dry-run",), ("activate", "--note", "坏")):
        done = cli("rules", command[0], rules(tmp_path, content), *command[1:])
        assert (done.code, done.err.count("\n"), named in done.err) == (1, 1, True)
    assert cli("rules", "show", "7").code == 1
    assert cli("rules", "activate", tmp_path / "none.toml", "--note", "无").code == 1
