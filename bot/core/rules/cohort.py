"""Ranks among all members: 点击偏好 and 消费转化 (RULEBOOK §2), RFM (§5), 好友关联度 (§1).

They change only at the daily evaluation.

What a member brings is measured by bot.core.samples; the comparison is made by bot.services.cohorts, for everybody at
once, and the tags are set there. The rules here say what is compared, and what a member brought last.

Place of a value among n: (number of lower values + half the number of equal ones) ÷ n, so equal values always share a
label. 低 is a place below 1/3, 高 one from 2/3; an R, F or M is high from 3/5 (quintile ≥ 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.facts import Facts
from bot.core.instants import Instant, iso
from bot.core.particulars import NO_DATA, Sample
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

THIRDS = ("低", "中", "高")
RFM = ("一般挽留", "重要挽留", "一般保持", "重要保持", "一般发展", "重要发展", "一般价值", "重要价值")
"""By 4 × R high + 2 × F high + M high."""
TIES = "相同的值同档：位置 =（更低的人数 + 相同的人数 ÷ 2）÷ 人数"


@dataclass(frozen=True, slots=True)
class Rank:
    """A tag that says where a member stands among those who have the figure `metric` of a Sample."""

    rule: str
    path: str
    metric: str
    values: tuple[str, ...]


RANKS = (
    Rank("click_rank", "行为/点击偏好", "clicks", THIRDS),
    Rank("conversion_rank", "行为/消费转化", "conversion", THIRDS),
    Rank("rfm", "消费能力/RFM", "orders", RFM),
    Rank("tie_rank", "社交关系/好友关联度", "ties", THIRDS),
)
RANK_RULES = frozenset(rank.rule for rank in RANKS)
"""Their tags and changes are written by the comparison, never by a member's fold."""


BITS = 8
"""Bits of `Sample.hidden` for each rank: as many as the longest has values."""


def bit(rank: int, place: int) -> int:
    """The bit of a rank's value in `Sample.hidden`."""
    return 1 << (BITS * rank + place)


def is_hidden(sample: Sample | None, path: str, value: str) -> bool:
    """Whether a person or another system keeps a member from holding this value."""
    return sample is not None and any(
        rank.path == path and value in rank.values and sample.hidden & bit(number, rank.values.index(value))
        for number, rank in enumerate(RANKS)
    )


def has_data(sample: Sample | None, rank: Rank) -> bool:
    """Whether a member belongs to the rank's cohort."""
    return sample is not None and getattr(sample, rank.metric) != NO_DATA


def _clicks(facts: Facts, world: World, at: Instant) -> Measured:
    found = facts.sample
    if found is None or found.clicks == NO_DATA:
        return {"说明": "每日评定时，窗口内没有点击"}
    return {"点击权重": found.clicks / 1_000_000}


def _conversion(facts: Facts, world: World, at: Instant) -> Measured:
    found = facts.sample
    if found is None or found.conversion == NO_DATA:
        return {"说明": "每日评定时，窗口内没有未退订单"}
    return {"转化权重": found.conversion / 100_000}


def _purchases(facts: Facts, world: World, at: Instant) -> Measured:
    found = facts.sample
    if found is None or found.orders == NO_DATA:
        return {"说明": "每日评定时没有未退订单"}
    return {"最近下单": iso(found.last_order, world.zone), "订单数": found.orders, "总额": found.total / 100}


def _ties(facts: Facts, world: World, at: Instant) -> Measured:
    found = facts.sample
    if found is None or found.ties == NO_DATA:
        return {"说明": "每日评定时，窗口内没有邀请、@ 或回复往来"}
    return {"往来人数": found.ties}


def _third_bars(rules: RuleSet) -> Mapping[str, Any]:
    return {
        "有数据的人数": f"≥ {rules.cohort.least_members}",
        "天数": rules.cohort.window_days,
        "低": "位置 < 1/3",
        "高": "位置 ≥ 2/3",
        "并列": TIES,
    }


def _tie_bars(rules: RuleSet) -> Mapping[str, Any]:
    return {**_third_bars(rules), "天数": rules.social.tie_days}


def _rfm_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.cohort
    few = f"R ≤ {bars.rfm_days:g} 天，F ≥ {bars.rfm_orders} 单，M ≥ {bars.rfm_total:g} 元"
    return {"高": "位置 ≥ 3/5", f"买家不足 {bars.least_members} 人时": few, "并列": TIES}


def _decide(path: str) -> Callable[[Measured, RuleSet], Iterator[Tag]]:
    def decide(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
        if "_value" in measured:
            yield Tag(path, measured["_value"])

    return decide


def _rule(
    rank: Rank,
    measure: Callable[[Facts, World, Instant], Measured],
    ends: str,
    bars: Callable[[RuleSet], Mapping[str, Any]],
    purpose: str,
) -> Rule:
    """In a member's own fold it says nothing: no trigger and no ground."""
    return Rule(rank.rule, (rank.path,), measure, _decide(rank.path), ends, bars=bars, purpose=purpose)


RULES = (
    _rule(RANKS[0], _clicks, "每日评定时换档，窗口内不再有点击，或有数据的人太少", _third_bars, "behaviour"),
    _rule(RANKS[1], _conversion, "每日评定时换档，窗口内不再有未退订单，或有数据的人太少", _third_bars, "behaviour"),
    _rule(RANKS[2], _purchases, "每日评定时换类；全部订单退款时立即结束", _rfm_bars, "spending"),
    _rule(RANKS[3], _ties, "每日评定时换档，窗口内不再有往来，或有数据的人太少", _tie_bars, "behaviour"),
)
