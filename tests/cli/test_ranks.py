"""Quantile tags through the command line: any order, any pieces, live or rebuilt, give the same."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.core.instants import DAY, HOUR, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write

END = iso(START + 70 * DAY) or ""
PATHS = ("行为/点击偏好", "行为/消费转化", "消费能力/RFM")
Ranks = dict[tuple[str, str, str], tuple[str, str]]


def crowd() -> list[Line]:
    """Clicks, orders, refunds, refusals and pins of forty-five members, so that each cohort grows past its bar."""
    chance = random.Random(3)
    lines: list[Line] = []
    for number in range(45):
        member, at = f"q{number:02}", START + chance.randrange(10 * DAY)
        for turn in range(chance.randrange(8, 18)):
            lines += _act(f"{member}-{turn}", member, at := at + chance.randrange(HOUR, 9 * DAY), chance)
        if number % 9 == 0:
            refused = START + 40 * DAY + number * HOUR
            lines.append(line("consent", f"{member}-no", refused, member, purposes=["spending"], granted=False))
    return sorted((one for one in lines if one["at"] <= END), key=lambda one: one["at"])


def _act(id_: str, member: str, at: int, chance: random.Random) -> list[Line]:
    if chance.random() < 0.5:
        return [
            line("click", id_, at, member, link="l", depth=chance.randrange(1, 4), dwell_s=chance.choice((0, 30, 60)))
        ]
    bought = line("order", id_, at, member, order=id_, amount_yuan=chance.choice((50, 100, 250, 900)))
    if chance.random() < 0.25:
        return [bought, line("refund", f"{id_}-r", at + chance.randrange(HOUR, 5 * DAY), member, order=id_)]
    return [bought]


def told(cli: Cli, lines: list[Line], folder: Path, until: str = END) -> str:
    assert cli("events", write(folder / "crowd.jsonl", lines), "--json").document["rejected"] == 0
    assert cli("sweep", "--as-of", until).code == 0
    return cli("members", "--json").out


@pytest.fixture
def in_order(run: Cli, tmp_path: Path) -> str:
    return told(lambda *told: run("--db", f"sqlite:///{tmp_path}/order.db", *told), crowd(), tmp_path)


def test_there_is_something_to_compare(in_order: str) -> None:
    for path in PATHS:
        assert path in in_order


def test_shuffled_lines_give_the_same(each_cli: Cli, in_order: str, tmp_path: Path) -> None:
    lines = crowd()
    random.Random(1).shuffle(lines)
    assert told(each_cli, lines, tmp_path) == in_order
    assert each_cli("rebuild", "--json").document["changed"] == 0
    assert each_cli("members", "--json").out == in_order


@pytest.mark.parametrize("days", [(35,), (20, 21, 41)])
def test_sweeps_on_the_way_give_the_same(days: tuple[int, ...], cli: Cli, in_order: str, tmp_path: Path) -> None:
    lines, seen = crowd(), ""
    for day in days:
        bar = iso(START + day * DAY + 5 * HOUR) or ""
        told(cli, [one for one in lines if seen < one["at"] <= bar], tmp_path, bar)
        seen = bar
    assert told(cli, [one for one in lines if one["at"] > seen], tmp_path) == in_order


def test_late_lines_compare_everybody_again(each_cli: Cli, in_order: str, tmp_path: Path) -> None:
    lines = crowd()
    told(each_cli, [one for number, one in enumerate(lines) if number % 3], tmp_path)
    assert each_cli("members", "--json").out != in_order
    assert each_cli("events", write(tmp_path / "late.jsonl", lines[::3])).code == 0
    assert each_cli("members", "--json").out == in_order
    assert each_cli("rebuild", "--json").document["changed"] == 0
