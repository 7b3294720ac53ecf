"""Random histories of one member: any events, in any order, with withdrawals and refunds that hit or miss."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from bot.core.entry import Entry
from bot.core.instants import DAY, HOUR, MINUTE, Instant
from bot.core.ruleset import RuleSet
from bot.core.world import Deaf, RuleVersion, World
from tests.golden.reading import START, completed

SHANGHAI = ZoneInfo("Asia/Shanghai")
LONGEST_DAYS = 130

WORLDS = st.builds(
    lambda spans: World(SHANGHAI, (RuleVersion(0, 1, RuleSet()),), tuple(spans)),
    st.lists(
        st.builds(
            lambda start, length, group: Deaf(START + start * DAY, START + start * DAY + length * HOUR, group),
            st.integers(0, LONGEST_DAYS),
            st.integers(1, 400),
            st.sampled_from([None, "g", "h"]),
        ),
        max_size=3,
    ),
)
WORLD = World(SHANGHAI, (RuleVersion(0, 1, RuleSet()),))


def instants(last_day: int = LONGEST_DAYS) -> st.SearchStrategy[Instant]:
    """Often exactly on an evaluation, or the same clock on other days, so that windows are met at their edges."""
    day = st.integers(0, last_day)
    clock = st.one_of(st.just(4 * HOUR), st.integers(0, 23).map(lambda hour: hour * HOUR), st.integers(0, DAY - 1))
    return st.builds(lambda day, clock: START + day * DAY + clock, day, clock)


_BODIES: dict[str, st.SearchStrategy[dict[str, Any]]] = {
    "join": st.fixed_dictionaries({}, optional={"inviter": st.just("n"), "channel": st.just("扫码")}),
    "leave": st.just({}),
    "message": st.sampled_from([{}, {"topic": "科技"}, {"kind": "video"}]),
    "withdraw": st.fixed_dictionaries({"message": st.integers(0, 40).map(lambda number: f"e{number}")}),
    "click": st.fixed_dictionaries(
        {"link": st.just("l")}, optional={"depth": st.integers(0, 5), "dwell_s": st.integers(0, 900)}
    ),
    "view": st.fixed_dictionaries({"item": st.just("i")}, optional={"price_yuan": st.sampled_from([10000, 30000])}),
    "order": st.fixed_dictionaries({"order": st.sampled_from("abcdef"), "amount_yuan": st.integers(1, 6_000_000)}),
    "refund": st.fixed_dictionaries({"order": st.sampled_from("abcdef")}),
    "promotion": st.fixed_dictionaries({"promotion": st.just("p"), "responded": st.booleans()}),
    "checkin": st.just({}),
    "consent": st.fixed_dictionaries(
        {"purposes": st.sampled_from([["profile"], ["behaviour"], ["spending"]]), "granted": st.booleans()}
    ),
    "answer": st.fixed_dictionaries({"question": st.just("age"), "value": st.sampled_from(["25-34岁", "35-44岁"])}),
    "followers": st.fixed_dictionaries({"count": st.sampled_from([999, 1000, 50_000])}),
    "grant": st.just({"role": "管理员", "months": 3}),
    "clear": st.just({"by": "a"}),
    "appeal": st.just({}),
    "delivered": st.integers(1, 28).map(lambda day: {"dedupe_key": f"warning:m:2024-01-{day:02}"}),
}


@st.composite
def _bare(draw: st.DrawFn, last_day: int) -> Entry:
    kinds = ["message"] * 8 + sorted(_BODIES)
    type_ = draw(st.sampled_from(kinds))
    body = draw(_BODIES[type_])
    group = draw(st.sampled_from(["g", "h"]))
    quality, verdict = 0.0, ""
    if type_ == "message":
        quality = draw(st.sampled_from([0.0, 0.5, 1.0, 1.5, 2.0]))
        verdict = draw(st.sampled_from(["", "", "", "ad", "flood"]))
    valid = type_ == "message" and quality > 0 and not verdict
    return Entry("", type_, draw(instants(last_day)), "m", group, body, quality, verdict, valid)


@st.composite
def histories(draw: st.DrawFn, last_day: int = LONGEST_DAYS) -> list[Entry]:
    """Up to forty events, ids in the order drawn, which is no order in time."""
    bare = draw(st.lists(_bare(last_day), min_size=1, max_size=40))
    named = [
        Entry(f"e{n}", e.type, e.at, e.member, e.group, e.body, e.quality, e.verdict, e.valid)
        for n, e in enumerate(bare)
    ]
    return completed(named)


def bursts(days: int) -> st.SearchStrategy[list[Entry]]:
    """Talk alone: some messages on each of some days."""
    one = st.tuples(st.integers(0, days), st.integers(0, 23), st.integers(1, 25), st.sampled_from([0.3, 1.0, 2.0]))

    def spoken(talks: list[tuple[int, int, int, float]]) -> list[Entry]:
        said = [
            (START + day * DAY + hour * HOUR + turn * MINUTE, quality)
            for day, hour, count, quality in talks
            for turn in range(count)
        ]
        return [Entry(f"e{n}", "message", at, "m", "g", {}, q, "", True) for n, (at, q) in enumerate(said)]

    return st.lists(one, min_size=1, max_size=20).map(spoken)
