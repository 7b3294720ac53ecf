"""消费能力: the four indicators, the ability they make, and its recency (RULEBOOK §5). Amounts are in yuan."""

from __future__ import annotations

from dataclasses import dataclass

from bot.core.facts import Facts
from bot.core.instants import DAY, MONTH, Instant
from bot.core.ruleset_people import SpendingRules


@dataclass(frozen=True, slots=True)
class Spending:
    """Measured spending of a member with at least one order not refunded. `response` is None when no offer came."""

    total: float
    orders: int
    monthly: float
    average: float
    response: float | None
    last_days: float


@dataclass(frozen=True, slots=True)
class Levels:
    """Indicator levels 1–3; `response` is None when unknown."""

    total: int
    monthly: int
    average: int
    response: int | None


def spending(facts: Facts, at: Instant) -> Spending | None:
    """Measure at `at`, or None without an order left."""
    floor = facts.floors.get("spending", 0)
    paid = [order for order in facts.paid if floor <= order.at <= at]
    if not paid:
        return None
    total = sum(order.fen for order in paid) / 100
    months = max(1.0, (at - paid[0].at) / MONTH)
    delivered, responded = facts.promotions
    return Spending(
        total=total,
        orders=len(paid),
        monthly=len(paid) / months,
        average=total / len(paid),
        response=responded / delivered if delivered else None,
        last_days=(at - paid[-1].at) / DAY,
    )


def levels(now: Spending, rules: SpendingRules) -> Levels:
    """Edges as in the table: 1万 and 5万 belong upward, 月均 1 and 200 and 500 yuan to the middle, 5 orders upward."""
    return Levels(
        total=1 + (now.total >= rules.total_middle) + (now.total >= rules.total_high),
        monthly=1 + (now.monthly > rules.monthly_middle) + (now.monthly >= rules.monthly_high),
        average=price_level(now.average, rules),
        response=None
        if now.response is None
        else 1 + (now.response <= rules.response_middle) + (now.response < rules.response_high),
    )


def price_level(yuan: float, rules: SpendingRules) -> int:
    """The 客单价 level an amount falls into."""
    return 1 + (yuan >= rules.average_middle) + (yuan > rules.average_high)


def recency(days: float, rules: SpendingRules) -> float:
    if days <= rules.recent_days:
        return rules.recent_factor
    if days <= rules.warm_days:
        return rules.warm_factor
    return rules.cool_factor if days <= rules.cool_days else rules.cold_factor


def ability(now: Spending, rules: SpendingRules) -> float:
    """100 × Σ weight × (level − 1) ÷ 2, × recency, at most 100; an unknown response rescales the other weights.

    Rounded to nine places, so that a sum of decimal weights that makes 60 on paper is 60.
    """
    found = levels(now, rules)
    weighed = [
        (rules.weight_total, found.total),
        (rules.weight_frequency, found.monthly),
        (rules.weight_average, found.average),
        (rules.weight_response, found.response),
    ]
    known = [(weight, level) for weight, level in weighed if level is not None]
    share = sum(weight * (level - 1) / 2 for weight, level in known) / sum(weight for weight, _ in known)
    return min(100.0, round(100 * share * recency(now.last_days, rules), 9))
