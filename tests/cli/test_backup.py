"""The backup of an admin through the command line: when he stands in, when he hands back, in any order of arrival."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.core.instants import DAY, HOUR, MINUTE, Instant, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write

PATH = "特殊身份/身份"
GRANTED = START + 2 * HOUR
"""10:00 in the group's zone."""


def appointment(id_: str = "g1", at: Instant = GRANTED, **fields: object) -> Line:
    return line("grant", id_, at, "chief", role="管理员", **{"backup": "deputy", **fields})


def staff(*more: Line) -> list[Line]:
    """An admin and his backup, both friends of the account."""
    met = [line("join", f"j-{who}", START, who, name=who) for who in ("chief", "deputy")]
    friends = [line("friend", f"f-{who}", START, who, is_friend=True) for who in ("chief", "deputy")]
    return [*met, *friends, appointment(), *more]


def said(id_: str, at: Instant) -> Line:
    return line("message", id_, at, "chief", text="大家好，今天有什么安排吗")


def held(cli: Cli) -> list[str]:
    rows = {row["member"]: row["tags"] for row in cli("members", "--json").lines}
    return [tag["value"] for tag in rows["deputy"] if tag["path"] == PATH and tag["value"] == "备用管理员"]


def swept(cli: Cli, lines: list[Line], folder: Path, *times: Instant) -> list[bool]:
    """Whether the backup stands in at each of these times."""
    assert cli("events", write(folder / "staff.jsonl", lines), "--json").document["rejected"] == 0
    found = []
    for at in times:
        assert cli("sweep", "--as-of", iso(at)).code == 0
        found.append(bool(held(cli)))
    return found


def test_he_stands_in_from_the_72nd_hour_until_the_next_message(each_cli: Cli, tmp_path: Path) -> None:
    last, back = GRANTED + 5 * HOUR, GRANTED + 80 * HOUR
    times = (last + 72 * HOUR - MINUTE, last + 72 * HOUR, back - MINUTE, back)
    lines = staff(said("m1", last), said("m2", back))
    assert swept(each_cli, lines, tmp_path, *times) == [False, True, True, False]
    assert each_cli("rebuild", "--json").document["changed"] == 0


def test_without_a_word_the_appointment_counts(cli: Cli, tmp_path: Path) -> None:
    times = (GRANTED + 72 * HOUR - MINUTE, GRANTED + 72 * HOUR)
    assert swept(cli, staff(said("m0", START + HOUR)), tmp_path, *times) == [False, True]


@pytest.mark.parametrize(("group", "hours"), [(None, 10), ("g@chatroom", 10), ("elsewhere", 0)])
def test_deaf_time_is_no_silence(cli: Cli, tmp_path: Path, group: str | None, hours: int) -> None:
    span = {"from": iso(GRANTED + 65 * HOUR), "to": iso(GRANTED + 75 * HOUR)}
    deaf = {**line("deaf", "d", GRANTED + 75 * HOUR, None, **span), **({"group": group} if group else {})}
    begins = GRANTED + (72 + hours) * HOUR
    times = (GRANTED + 76 * HOUR,) if not hours else (begins - MINUTE, begins)
    assert swept(cli, staff(deaf), tmp_path, *times) == ([True] if not hours else [False, True])


@pytest.mark.parametrize(
    "ending",
    [
        line("revoke", "r", GRANTED + 80 * HOUR, "chief", role="管理员"),
        appointment("g2", GRANTED + 80 * HOUR, backup="somebody"),
        appointment("g2", GRANTED + 80 * HOUR),
    ],
    ids=["revoked", "another backup", "appointed again"],
)
def test_it_ends_with_the_appointment(cli: Cli, tmp_path: Path, ending: Line) -> None:
    times = (GRANTED + 80 * HOUR - MINUTE, GRANTED + 80 * HOUR)
    assert swept(cli, staff(ending), tmp_path, *times) == [True, False]


def test_it_ends_with_the_term(cli: Cli, tmp_path: Path) -> None:
    lines = [one for one in staff() if one["type"] != "grant"] + [appointment(months=3)]
    end = GRANTED + 90 * DAY
    assert swept(cli, lines, tmp_path, end - MINUTE, end) == [True, False]


def test_order_of_arrival_and_late_words_change_nothing(each_cli: Cli, run: Cli, tmp_path: Path) -> None:
    lines = staff(*(said(f"m{n}", GRANTED + n * 75 * HOUR) for n in range(1, 6)))
    lines.append(line("message", "own", GRANTED + 76 * HOUR, "deputy", text="今天由我来值班"))
    end = iso(GRANTED + 5 * 75 * HOUR + 73 * HOUR)

    def told(cli: Cli, *batches: list[Line]) -> str:
        for number, batch in enumerate(batches):
            assert cli("events", write(tmp_path / f"{number}.jsonl", batch)).code == 0
            assert cli("sweep", "--as-of", end).code == 0
        return cli("members", "--json").out

    whole = told(lambda *words: run("--db", f"sqlite:///{tmp_path}/order.db", *words), lines)
    assert "备用管理员" in whole
    random.Random(1).shuffle(lines)
    assert told(each_cli, lines[::2], lines[1::2]) == whole
    assert each_cli("rebuild", "--json").document["changed"] == 0
    assert each_cli("members", "--json").out == whole


def test_both_are_told_of_hand_over_and_return(cli: Cli, tmp_path: Path) -> None:
    back = GRANTED + 80 * HOUR
    assert cli("events", write(tmp_path / "staff.jsonl", staff(said("m1", back)))).code == 0
    planned = []
    for at in (GRANTED + 72 * HOUR - MINUTE, GRANTED + 72 * HOUR, back):
        rows = cli("sweep", "--as-of", iso(at), "--json").document["planned"]
        own = [row for row in rows if row["kind"].startswith("backup")]
        assert all(row["group"] is None for row in own), "such things are said directly"
        planned.append(sorted((row["kind"], row["member"]) for row in own))
    begun, over = ([(kind, "chief"), (kind, "deputy")] for kind in ("backup_begun", "backup_over"))
    assert planned == [[], begun, over]


def test_a_flag_instead_of_a_name_makes_no_admin(cli: Cli, tmp_path: Path) -> None:
    lines = [line("join", "j", START, "deputy"), line("grant", "g", GRANTED, "deputy", role="管理员", backup=True)]
    assert swept(cli, lines, tmp_path, GRANTED + 100 * HOUR) == [False]
    assert "管理员" not in cli("members", "--json").out
