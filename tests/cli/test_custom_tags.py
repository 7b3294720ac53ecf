"""Operators' own tags through the command line: given at the daily evaluation, explained, replayed, taken back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import config
from bot.core.instants import DAY, HOUR, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write

TAG = """
[[custom]]
path = "自定义/话多"
value = "是"
when = "said_30d >= 3"

[[custom]]
path = "自定义/安静"
value = "久"
when = "silence_days >= 5.0"
"""


def lines() -> list[Line]:
    talk = [
        line("message", f"{member}{n}", START + n * HOUR, member, group="g", text=f"第{n}次聊到周末去爬山的路线安排")
        for member, most in (("a", 4), ("b", 2))
        for n in range(most)
    ]
    return sorted(talk, key=lambda one: one["at"])


@pytest.fixture
def own_config(tmp_path: Path) -> Path:
    folder = tmp_path / "config"
    shutil.copytree(Path(config.__file__).parent, folder)
    with (folder / "rulesets" / "default.toml").open("a", encoding="utf-8") as file:
        file.write(TAG)
    return folder


def holders(cli: Cli, where: Path, path: str) -> list[str]:
    return [one["member"] for one in cli("--config", where, "members", "--tag", path, "--json").lines]


def at(days: float) -> str:
    return iso(START + int(days * DAY)) or ""


def test_tags_come_at_the_evaluation_and_say_why(each_cli: Cli, own_config: Path, tmp_path: Path) -> None:
    def call(*told: object) -> object:
        return each_cli("--config", own_config, *told)

    told = each_cli("--config", own_config, "events", write(tmp_path / "e.jsonl", lines()), "--json")
    assert told.document["rejected"] == 0
    call("sweep", "--as-of", at(2))
    assert holders(each_cli, own_config, "自定义/话多=是") == ["a"]
    assert holders(each_cli, own_config, "自定义/安静") == []
    why = each_cli("--config", own_config, "why", "a", "自定义/话多", "--json").document
    assert why["held"]
    assert why["bars"] == {"表达式": "said_30d >= 3"}
    assert why["facts"] == {"近 30 天有效发言（条）": 4}
    assert not each_cli("--config", own_config, "why", "b", "自定义/话多", "--json").document["held"]
    call("sweep", "--as-of", at(8))
    assert holders(each_cli, own_config, "自定义/安静=久") == ["a", "b"]
    assert each_cli("--config", own_config, "rebuild", "--json").document["changed"] == 0


def test_days_swept_one_by_one_or_at_once_give_the_same(run: Cli, own_config: Path, tmp_path: Path) -> None:
    events = write(tmp_path / "e.jsonl", lines())
    found = []
    for name, stops in (("once", (40,)), ("daily", (1, 2, 3, *range(5, 41, 5)))):
        urls = ("--db", f"sqlite:///{tmp_path}/{name}.db", "--config", own_config)
        run(*urls, "events", events)
        for stop in stops:
            run(*urls, "sweep", "--as-of", at(stop))
        found.append(run(*urls, "members", "--json").out)
    assert found[0] == found[1]


def test_a_refusal_ends_a_tag_that_rests_on_speech(cli: Cli, own_config: Path, tmp_path: Path) -> None:
    no = line("consent", "no", START + 3 * DAY, "a", purposes=["behaviour"], granted=False)
    cli("--config", own_config, "events", write(tmp_path / "e.jsonl", [*lines(), no]))
    cli("--config", own_config, "sweep", "--as-of", at(2))
    cli("--config", own_config, "sweep", "--as-of", at(4))
    assert holders(cli, own_config, "自定义/话多") == []


def test_a_condition_is_counted_before_it_is_a_tag(cli: Cli, tmp_path: Path) -> None:
    cli("events", write(tmp_path / "e.jsonl", lines()))
    cli("sweep", "--as-of", at(2))
    found = cli("preview", "said_30d >= 3", "--json").document
    assert (found["members"], found["count"], found["sample"]) == (2, 1, ["a"])
    refused = cli("preview", "said_30d >=")
    assert (refused.code, "不是合法的表达式" in refused.err) == (1, True)
