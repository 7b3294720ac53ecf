"""Bars of the RULEBOOK, one step to each side, from event lines to the tags that are shown."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from bot.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, iso
from tests.cli.conftest import Cli
from tests.cli.lines import START, Line, line, write

NOON = START + 50 * DAY + 4 * HOUR
SUBJECTS = "天地玄黄宇宙洪荒日月盈昃辰宿列张寒来暑往秋收冬藏"
ADVERT = "兼职日赚500元，加微信 abc12345 免费领取，名额有限"
INTRODUCTION = "大家好，我是小王，95后，坐标杭州，做产品经理"


def tags(
    cli: Cli, folder: Path, lines: list[Line], until: Instant = NOON + 20 * DAY
) -> dict[str, set[tuple[str, str]]]:
    """What is shown of each member once these lines are in."""
    cli("events", write(folder / "lines.jsonl", lines))
    assert cli("sweep", "--as-of", iso(until)).code == 0
    shown = cli("members", "--json").lines
    return {one["member"]: {(tag["path"], tag["value"]) for tag in one["tags"]} for one in shown}


def spoken(count: int, gap: int, text: str = "") -> list[Line]:
    """Messages of somebody who was there long before; each about something else, or all with one text."""
    said = [
        line("message", f"s{n}", NOON + n * gap, "m", text=text or f"第{n}问：{SUBJECTS[n]}字怎么写")
        for n in range(count)
    ]
    return [line("view", "first", START, "m", item="i"), *said]


@pytest.mark.parametrize(("members", "sizes"), [(19, []), (20, [6, 7, 7]), (21, [7, 7, 7])])
def test_thirds_begin_with_twenty_members(members: int, sizes: list[int], cli: Cli, tmp_path: Path) -> None:
    lines = [line("click", f"c{n}", NOON, f"m{n}", link="x", depth=n + 1, dwell_s=60) for n in range(members)]
    lines += [line("order", f"o{n}", NOON, f"m{n}", order=f"{n}", amount_yuan=100 * (n + 1)) for n in range(members)]
    shown = tags(cli, tmp_path, lines, NOON + DAY)
    for path in ("行为/点击偏好", "行为/消费转化"):
        held = Counter(value for one in shown.values() for at, value in one if at == path)
        assert sorted(held.values()) == sizes


@pytest.mark.parametrize(("members", "high"), [(19, 10), (20, 8), (21, 8)])
def test_from_twenty_buyers_on_high_means_the_upper_two_fifths(
    members: int, high: int, cli: Cli, tmp_path: Path
) -> None:
    """Below that a total of 1000 yuan does."""
    lines = [line("order", f"o{n}", NOON, f"m{n}", order=f"{n}", amount_yuan=100 * (n + 1)) for n in range(members)]
    shown = tags(cli, tmp_path, lines, NOON + DAY)
    held = Counter(value[:2] for one in shown.values() for at, value in one if at == "消费能力/RFM")
    assert (held["重要"], held["一般"]) == (high, members - high)


@pytest.mark.parametrize(
    ("lines", "flood"),
    [
        (spoken(20, 2 * SECOND), False),
        (spoken(21, 3 * SECOND - 1), True),
        (spoken(21, 3 * SECOND), False),
        (spoken(4, MINUTE, "今天下午三点在二楼会议室碰头"), False),
        (spoken(5, 150 * SECOND - 1, "今天下午三点在二楼会议室碰头"), True),
        (spoken(5, 150 * SECOND, "今天下午三点在二楼会议室碰头"), False),
    ],
    ids=["20 messages", "21 just within a minute", "21 in a minute", "4 repeats", "5 just within", "5 in 10 minutes"],
)
def test_a_flood_begins_at_its_bar(lines: list[Line], flood: bool, cli: Cli, tmp_path: Path) -> None:
    assert (("特殊身份/身份", "争议用户") in tags(cli, tmp_path, lines)["m"]) is flood


@pytest.mark.parametrize(
    ("delivered", "again", "state"),
    [(True, 7 * DAY - 1, "受限"), (True, 7 * DAY, "观察中"), (False, 3 * DAY, "观察中")],
)
def test_only_a_delivered_warning_leads_to_a_restriction(
    delivered: bool, again: int, state: str, cli: Cli, tmp_path: Path
) -> None:
    lines = [
        line("view", "first", START, "m", item="i"),
        line("message", "a1", NOON, "m", text=ADVERT),
        line("message", "a2", NOON + HOUR + again, "m", text=ADVERT),
    ]
    if delivered:
        lines.append(line("delivered", "d", NOON + HOUR, "m", dedupe_key=f"warning:m:{iso(NOON)[:10]}"))
    tags(cli, tmp_path, lines)
    found: dict[str, Any] = cli("why", "m", "特殊身份/身份", "--json").document
    assert [tag["because"]["状态"] for tag in found["tags"]] == [state]


@pytest.mark.parametrize(
    ("age", "kept", "spends"), [("13", False, False), ("14", True, False), ("17", True, False), ("18", True, True)]
)
def test_minors_have_no_spending_tags_and_children_nothing(
    age: str, kept: bool, spends: bool, cli: Cli, tmp_path: Path
) -> None:
    lines = [
        line("consent", "c", NOON, "m", purposes=["profile", "spending"], granted=True),
        line("order", "o", NOON + HOUR, "m", order="1", amount_yuan=300),
        line("answer", "a", NOON + 2 * HOUR, "m", question="age", value=age),
    ]
    shown = tags(cli, tmp_path, lines)
    assert ("m" in shown) is kept
    assert any(path.startswith("消费能力") for path, _ in shown.get("m", ())) is spends


def test_a_youth_who_withdraws_stays_protected_whether_or_not_a_sweep_stood_between(cli: Cli, tmp_path: Path) -> None:
    lines = [
        line("consent", "c", NOON, "m", purposes=["profile"], granted=True),
        line("answer", "a", NOON + HOUR, "m", question="age", value="16"),
        line("order", "o", NOON + 2 * HOUR, "m", order="1", amount_yuan=300),
        line("consent", "w", NOON + 3 * HOUR, "m", purposes=["profile"], granted=False),
    ]
    shown = tags(cli, tmp_path, lines)["m"]
    assert shown and not any(path.startswith("消费能力") for path, _ in shown)


@pytest.mark.parametrize(("consent_at", "read"), [(NOON - 1, True), (NOON + 1, False), (None, False)])
def test_an_introduction_is_read_under_a_consent_only(
    consent_at: Instant | None, read: bool, cli: Cli, tmp_path: Path
) -> None:
    """Wherever in the file the consent stands."""
    lines = [line("message", "i", NOON, "m", text=INTRODUCTION)]
    if consent_at is not None:
        lines.append(line("consent", "c", consent_at, "m", purposes=["profile"], granted=True))
    told = {value for path, value in tags(cli, tmp_path, lines)["m"] if path.startswith("人口属性")}
    assert told == ({"25-34岁", "新一线城市-杭州", "互联网/IT"} if read else set())


def test_only_a_director_appoints_wherever_his_own_appointment_stands(each_cli: Cli, tmp_path: Path) -> None:
    """A file is trusted about what happened, not about rights that who gave them had not."""

    def word(id_: str, at: Instant, member: str, **fields: Any) -> Line:
        return line("grant", id_, at, member, **{"role": "管理员", **fields})

    lines = [
        word("late", START + 3 * DAY, "a", by="second"),
        word("second", START + 2 * DAY, "second", role="运营总监", by="first"),
        word("early", START + DAY, "b", by="second"),
        word("nobody", START + 3 * DAY, "c", by="a"),
        word("none", START + 3 * DAY, "d"),
        word("first", START + DAY, "first", role="运营总监"),
        line("revoke", "over", START + 4 * DAY, "a", role="管理员", by="nobody"),
    ]
    told = each_cli("events", write(tmp_path / "grants.jsonl", lines), "--json").document
    assert (told["new"], sorted(one["line"] for one in told["errors"])) == (4, [3, 4, 7])
    assert all("运营总监" in one["reason"] for one in told["errors"])
    each_cli("sweep", "--as-of", iso(START + 5 * DAY))
    found = {one["member"]: one["tags"] for one in each_cli("members", "--json").lines}
    assert sorted(name for name, tags in found.items() if any(tag["value"] == "管理员" for tag in tags)) == ["a", "d"]
    again = each_cli("events", tmp_path / "grants.jsonl", "--json").document
    assert (again["new"], again["duplicate"], again["rejected"]) == (0, 4, 3)
