"""Levels that move once a day only: activity level and layer (RULEBOOK §0 "Quantile, share and level tags")."""

from __future__ import annotations

from bot.core import activity, score
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.world import World


def assess(facts: Facts, world: World, at: Instant) -> None:
    """Set the levels of a member who has joined."""
    if facts.joined_at is None:
        return
    bars = world.version(at).rules.activity
    values = activity.windows(facts, world, at, bars)
    facts.level_index = activity.index_of(values, bars)
    facts.level = activity.level(values, facts.level, bars)
    facts.layer_score = score.score(facts, world, at)
    facts.layer = score.layer(facts.layer_score, bars)
