"""Levels and shares that move once a day only (RULEBOOK §0 "Quantile, share and level tags")."""

from __future__ import annotations

from bot.core import activity, score
from bot.core.content import evaluation_day
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.ruleset import RuleSet
from bot.core.world import World

ACTIVITY, CONTENT, ORDERS = "activity", "content", "orders"
GROUNDS = frozenset({ACTIVITY, CONTENT, ORDERS})
"""What daily rules rest on; a rule whose ground has not moved says what it said before."""


def assess(facts: Facts, world: World, at: Instant) -> set[str]:
    """Set the levels of a member who has joined; returns the grounds that have moved since the last evaluation."""
    version = world.version(at)
    before = (facts.level, facts.layer)
    moved = set(GROUNDS) if facts.assessed_by != version.number else set()
    _weigh(facts, world, at, version.rules)
    day = evaluation_day(at, version.rules.lifecycle.evaluation_hour, world.zone)
    if facts.content.assess(day, version.rules.content.days):
        moved.add(CONTENT)
    if before != (facts.level, facts.layer):
        moved.add(ACTIVITY)
    if facts.orders:
        moved.add(ORDERS)
    facts.assessed_at, facts.assessed_by, facts.stirred = at, version.number, False
    return moved


def _weigh(facts: Facts, world: World, at: Instant, rules: RuleSet) -> None:
    facts.level, facts.level_index, facts.layer, facts.layer_score = weighed(facts, world, at, rules)


Weighed = tuple[int, float, str | None, float | None]


def weighed(facts: Facts, world: World, at: Instant, rules: RuleSet, found: activity.Indexed | None = None) -> Weighed:
    """Level with its index, layer with its score, as an evaluation at `at` would set them; `found`: where known."""
    values, index = found or activity.indexed(facts, world, at, rules.activity)
    level = activity.level(values, index, facts.level, rules.activity)
    points = score.score(facts, world, at, index)
    return level, index, None if points is None else score.layer(points, rules.activity), points
