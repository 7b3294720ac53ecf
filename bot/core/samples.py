"""What a member brings into the cohorts (RULEBOOK §0 "Quantiles"), as samples that hold until the next one.

A sample is taken at each daily evaluation and written down only when it differs from the one before. What may no
longer be used, or no longer exists, ends at once. Values are whole numbers, so that equal is equal in any order.

ties: people the member was in touch with by invitation, mention or reply in the window of [social].

click weight: Σ depth × minutes of the clicks of the window. conversion weight: over the orders of the window that are
not refunded, mean value × repurchase factor, which is `repurchase_days` ÷ mean days between these orders, clipped; one
order: 1. It tells of purchases, so an objection to either purpose, or a minor, has none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.core.events import PROTECTED_TAG
from bot.core.facts import Facts
from bot.core.instants import DAY, Instant
from bot.core.journal import Journal
from bot.core.particulars import NO_DATA, Order, Sample
from bot.core.pinned import IMPORT, overruled
from bot.core.rules.cohort import RANKS, bit
from bot.core.ruleset_people import CohortRules
from bot.core.tags import Tag
from bot.core.whereabouts import recent_ties
from bot.core.world import World

ENDING = frozenset({"refund", "consent", "answer", "introduction", "pin", "unpin", "tag", PROTECTED_TAG})
"""Events after which a rank may end, or be hidden, before the next evaluation."""
OPEN: Instant = 2**62
"""The end of a sample that still holds."""
MILLIONTHS = 1_000_000


def take_sample(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """At a daily evaluation."""
    if not facts.clicks and not facts.orders and not facts.ties and facts.sample is None:
        return
    rules = world.version(at).rules.cohort
    bought, ties = _bought(facts), _ties(facts, at, world)
    figures = (_clicks(facts, at, rules), _conversion(facts, bought, at, rules), *_purchases(facts, bought))
    _put(facts, Sample(at, *figures, hidden=_hidden(facts, at), ties=ties), journal)


def end_samples(facts: Facts, at: Instant, journal: Journal) -> None:
    """Between evaluations nothing begins, but what has lost its ground ends."""
    if facts.sample is None:
        return
    left = replace(facts.sample, at=at, hidden=_hidden(facts, at))
    if facts.barred("behaviour"):
        left = replace(left, clicks=NO_DATA, conversion=NO_DATA, ties=NO_DATA)
    if facts.barred("spending"):
        left = replace(left, conversion=NO_DATA)
    if facts.barred("spending") or not _bought(facts):
        left = replace(left, last_order=NO_DATA, orders=NO_DATA, total=NO_DATA)
    _put(facts, left, journal)


def _put(facts: Facts, new: Sample, journal: Journal) -> None:
    old = facts.sample
    if new.empty:
        new = Sample(new.at)
    if (old is None and new.empty) or (old is not None and replace(old, at=new.at) == new):
        return
    if old is not None:
        journal.samples[old.at] = (old, new.at)
    journal.samples[new.at] = (new, new.at if new.empty else OPEN)
    facts.sample = None if new.empty else new


def _clicks(facts: Facts, at: Instant, rules: CohortRules) -> int:
    """Who clicked has data, also when the clicks weigh nothing."""
    if facts.barred("behaviour"):
        return NO_DATA
    start = max(at - int(rules.window_days * DAY), facts.floors.get("behaviour", 0) - 1)
    total, found = 0, False
    for clicked, weight in reversed(facts.clicks):
        if clicked <= start:
            break
        total, found = total + round(weight * MILLIONTHS), True
    return total if found else NO_DATA


def _ties(facts: Facts, at: Instant, world: World) -> int:
    """People in touch within the window; what has left it is forgotten. Staff and bots are not compared."""
    after = at - int(world.version(at).rules.social.tie_days * DAY)
    for other in [other for other, seen in facts.ties.items() if seen <= after]:
        del facts.ties[other]
    if facts.exempt or facts.barred("behaviour"):
        return NO_DATA
    return recent_ties(facts, after) or NO_DATA


def _bought(facts: Facts) -> list[Order]:
    """Orders that count for 消费能力, oldest first."""
    floor = facts.floors.get("spending", 0)
    return [order for order in facts.paid if order.at >= floor]


def _purchases(facts: Facts, bought: Sequence[Order]) -> tuple[int, int, int]:
    """Last order, number of orders, their sum in fen."""
    if not bought or facts.barred("spending"):
        return NO_DATA, NO_DATA, NO_DATA
    return bought[-1].at, len(bought), sum(order.fen for order in bought)


def _conversion(facts: Facts, bought: Sequence[Order], at: Instant, rules: CohortRules) -> int:
    start = max(at - int(rules.window_days * DAY), facts.floors.get("behaviour", 0) - 1)
    recent = [order for order in bought if order.at > start]
    if not recent or facts.barred("behaviour") or facts.barred("spending"):
        return NO_DATA
    mean = sum(order.fen for order in recent) / len(recent)
    return round(1000 * mean * repurchase(recent[-1].at - recent[0].at, len(recent), rules))


def repurchase(span: int, orders: int, rules: CohortRules) -> float:
    """Factor of `orders` of which the first and the last are `span` microseconds apart."""
    if orders < 2:
        return 1.0
    between = span / DAY / (orders - 1)
    found = rules.repurchase_days / between if between else rules.repurchase_most
    return min(rules.repurchase_most, max(rules.repurchase_least, found))


def _hidden(facts: Facts, at: Instant) -> int:
    """A person's word beats the rank; a tag from another system stands in its place."""
    if not facts.pins and not facts.removed:
        return 0
    imported = {path for (path, _), held in facts.tags.items() if held.rule == IMPORT}
    return sum(
        bit(number, place)
        for number, rank in enumerate(RANKS)
        for place, value in enumerate(rank.values)
        if rank.path in imported or overruled(facts, Tag(rank.path, value), at)
    )
