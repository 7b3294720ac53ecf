"""Members of whom nothing is heard: until when their daily evaluations can change nothing.

Most members of a large group are silent, and an evaluation each day of each of them is most of a long replay. The
answer is a lower bound: a member is woken too early rather than too late, and the evaluation then finds what it finds.
"""

from __future__ import annotations

from bot.core.due import next_due
from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, day_at
from bot.core.lifecycle import DECLINING, INTRO, LOST, QUIET
from bot.core.ruleset import LifecycleRules
from bot.core.world import World

NEVER: Instant = 2**62


def wakes_at(facts: Facts, world: World) -> Instant | None:
    """The first instant at which an evaluation may change something; None for a member who is awake.

    Asked right after an evaluation. Asleep are members without value in any window, without orders, with nothing said
    that a stage looks at; what is left are spans that run out.
    """
    now = facts.assessed_at
    if now is None or facts.stirred or facts.level != 0 or facts.orders or facts.ties or facts.sample is not None:
        return None
    version = world.version(now)
    rules = version.rules
    if any(tag.moves for tag in rules.custom):
        return None
    heard = facts.speech.last_at
    if heard is not None and heard > now - int(rules.lifecycle.average_days * DAY):
        return None
    stage = _stage_wakes(facts, rules.lifecycle)
    if stage is None or not (facts.gift_planned or facts.inferred):
        return None
    content = NEVER
    if facts.content.days:
        content = day_at(min(facts.content.days) + rules.content.days, rules.lifecycle.evaluation_hour, world.zone)
    return min(stage, content, next_due(facts, world) or NEVER, world.changes_after(now) or NEVER)


def _stage_wakes(facts: Facts, rules: LifecycleRules) -> Instant | None:
    """When the stage may change by silence or age alone; None where it hangs on more than these."""
    since = facts.last_interaction or facts.joined_at or 0
    begun = facts.stage_since or 0
    if facts.stage == LOST:
        return NEVER
    if facts.stage == DECLINING:
        return max(begun + int(rules.lost_decline_days * DAY), since + int(rules.lost_silence_days * DAY))
    silent = since + int(rules.decline_silence_days * DAY)
    if facts.stage == QUIET:
        return silent
    if facts.stage == INTRO:
        return min(silent, (facts.joined_at or 0) + int(rules.newcomer_days * DAY))
    return None
