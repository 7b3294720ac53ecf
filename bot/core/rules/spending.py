"""Dimension 5, 消费能力: four indicators, the ability they make, and signs of a step up (RULEBOOK §5).

The indicators and 等级 are level tags: they begin and change at the daily evaluation, by the orders up to it; only the
refund of the last order ends them at once. 潜在消费力 is none and follows every order, refund, click and view.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.facts import Facts
from bot.core.instants import DAY, Instant
from bot.core.levels import ORDERS
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.ruleset_people import SpendingRules
from bot.core.spending import ability, levels, price_level, spending
from bot.core.tags import Tag
from bot.core.world import World

INDICATORS = {
    "消费能力/累计消费额": ("1万以下", "1-5万", "5万+"),
    "消费能力/消费频次": ("月均≤1次", "月均2-4次", "月均≥5次"),
    "消费能力/客单价": ("<200元", "200-500元", ">500元"),
    "消费能力/价格敏感度": ("响应率>80%", "响应率50-80%", "响应率<50%"),
}
GRADE_PATH = "消费能力/等级"
POTENTIAL_PATH = "消费能力/潜在消费力"


def _spending(facts: Facts, world: World, at: Instant) -> Measured:
    """Measured at the last daily evaluation."""
    bars = world.version(at).rules.spending
    now = None if facts.assessed_at is None else spending(facts, facts.assessed_at)
    if now is None:
        return {"未退订单": 0, "说明": "还没有经过每日评定的未退订单"}
    found = levels(now, bars)
    return {
        "累计消费额": round(now.total, 2),
        "未退订单": now.orders,
        "月均订单": round(now.monthly, 4),
        "客单价": round(now.average, 2),
        "优惠响应率": None if now.response is None else round(now.response, 4),
        "距上次下单天数": round(now.last_days, 3),
        "消费能力": ability(now, bars),
        "_levels": (found.total, found.monthly, found.average, found.response),
    }


def _spending_tags(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_levels" not in measured:
        return
    for (path, names), level in zip(INDICATORS.items(), measured["_levels"], strict=True):
        if level is not None:
            yield Tag(path, names[level - 1])
    yield Tag(GRADE_PATH, grade(measured["消费能力"], rules.spending))


def grade(found: float, rules: SpendingRules) -> str:
    """高价值 from 60, 中价值 from 30, else 低价值."""
    if found >= rules.high_ability:
        return "高价值"
    return "中价值" if found >= rules.middle_ability else "低价值"


def _spending_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.spending
    return {
        "累计消费额": f"{bars.total_middle:g} / {bars.total_high:g} 元",
        "月均订单": f"> {bars.monthly_middle:g} / ≥ {bars.monthly_high:g}",
        "客单价": f"≥ {bars.average_middle:g} / > {bars.average_high:g} 元",
        "优惠响应率": f"≤ {bars.response_middle:.0%} / < {bars.response_high:.0%}",
        "等级": f"高价值 ≥ {bars.high_ability:g}，中价值 ≥ {bars.middle_ability:g}",
    }


def _potential(facts: Facts, world: World, at: Instant) -> Measured:
    bars = world.version(at).rules.spending
    now = spending(facts, at)
    if now is None:
        return {"未退订单": 0, "说明": "没有未退订单，客单价未知"}
    own = price_level(now.average, bars)
    span = int(bars.potential_days * DAY)
    above = [seen for seen, fen in facts.wants if at - span < seen <= at and price_level(fen / 100, bars) > own]
    measured: dict[str, Any] = {"客单价": round(now.average, 2), "更高价位浏览": len(above)}
    if len(above) >= bars.potential_views:
        measured["_until"] = above[-bars.potential_views] + span
    return measured


def _potential_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_until" in measured:
        yield Tag(POTENTIAL_PATH, "潜在升级", expires_at=measured["_until"])


def _potential_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.spending
    return {
        "更高价位浏览": f"≥ {bars.potential_views} 次/{bars.potential_days:g} 天",
        "价位": "高于自己的客单价一档以上",
    }


RULES = (
    Rule(
        "spending",
        (*INDICATORS, GRADE_PATH),
        _spending,
        _spending_tags,
        "每日评定时指标进入另一档；全部订单退款时立即结束",
        on=frozenset({"no_orders"}),
        daily=ORDERS,
        bars=_spending_bars,
        purpose="spending",
        concerns=lambda facts: bool(facts.orders),
        reads=frozenset({"spending"}),
    ),
    Rule(
        "potential",
        (POTENTIAL_PATH,),
        _potential,
        _potential_tag,
        "30 天内更高价位的浏览少于 3 次，或自己的客单价升档",
        on=frozenset({"click", "view", "order", "refund"}),
        bars=_potential_bars,
        purpose="spending",
        concerns=lambda facts: bool(facts.wants and facts.orders),
        reads=frozenset({"spending"}),
    ),
)
