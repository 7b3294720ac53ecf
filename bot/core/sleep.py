"""Members of whom nothing is heard: until when their daily evaluations can change nothing.

Most members of a large group are silent on most days, and an evaluation each day of each of them is most of a long
replay. Every answer here is a lower bound: a member is woken too early rather than too late, and the evaluation then
finds what it finds. "Nothing" means: no tag begins or ends, no stage, level, share or sample moves, nothing is planned
or flagged. Weights and reasons that follow the clock are brought up to date whenever somebody looks.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import chain

from bot.core.content import evaluation_day
from bot.core.due import next_due
from bot.core.facts import Facts
from bot.core.instants import DAY, MONTH, SECOND, Instant, day_at, next_daily
from bot.core.lifecycle import DECLINING, GROWING, INTRO, LOST, MATURE, QUIET, RESTING
from bot.core.outlook import NEVER, level_wakes
from bot.core.ruleset import LifecycleRules, RuleSet
from bot.core.world import World

__all__ = ["NEVER", "look_again_at", "tells_all_asleep", "wakes_at"]

INDEXED = frozenset({"activity", "score"})
"""Facts of custom tags that follow the activity index, which moves each day while there is any."""


def wakes_at(facts: Facts, world: World) -> Instant | None:
    """The first instant at which an evaluation may change something; None for a member who is awake.

    It holds as long as nothing is heard of him. Whose stage has just moved may move again at the next evaluation.
    """
    now = facts.assessed_at
    if now is None or facts.stirred or facts.covers or facts.stage_since == now:
        return None
    version = world.version(now)
    rules = version.rules
    if facts.assessed_by != version.number or _is_watched(facts, rules):
        return None
    return min(
        chain(
            (level_wakes(facts, world, now, rules), next_due(facts, world) or NEVER, world.changes_after(now) or NEVER),
            _stage_wakes(facts, now, rules.lifecycle),
            _content_wakes(facts, world, rules),
            _spending_wakes(facts, now, rules) if facts.orders else (),
            _sample_wakes(facts, now, rules) if facts.sample is not None or facts.ties else (),
            (pin.expires_at for pins in facts.pins.values() for pin in pins if pin.holds(now) and pin.expires_at),
        )
    )


def look_again_at(facts: Facts, world: World) -> Instant:
    """When a member who was brought to `seen_to` must be brought on, unless something is heard before."""
    if facts.evaluated_to is None:
        return NEVER
    due = next_due(facts, world) or NEVER
    if facts.stage is None:
        return due
    hour = world.version(facts.evaluated_to).rules.lifecycle.evaluation_hour
    soon = min(due, next_daily(facts.evaluated_to, hour, world.zone))
    wakes = wakes_at(facts, world)
    return soon if wakes is None else max(soon, wakes)


def tells_all_asleep(facts: Facts, rules: RuleSet) -> bool:
    """Whether a sleeper's facts say by other `rules` all that they would say after the evaluations he slept through.

    Of what these would have moved, custom tags alone look at anything: at his index.
    """
    return not facts.level or all(INDEXED.isdisjoint(tag.names) for tag in rules.custom)


def _is_watched(facts: Facts, rules: RuleSet) -> bool:
    """Whether a custom tag looks at something of him that moves by itself."""
    return any(tag.moves or (facts.level and not INDEXED.isdisjoint(tag.names)) for tag in rules.custom)


def _stage_wakes(facts: Facts, now: Instant, rules: LifecycleRules) -> Iterator[Instant]:
    """When a row of the stage table may come to hold by silence, age or the end of protection alone.

    The weekly average, which the way into 成长期 hangs on, never rises by itself.
    """
    if not facts.gift_planned and not facts.inferred:
        yield (facts.joined_at or 0) + int(rules.gift_after_days * DAY)
    if facts.stage_changed is not None and (over := facts.stage_changed + int(rules.protection_days * DAY)) > now:
        yield over
    yield _LEAVES[facts.stage or QUIET](facts, now, rules)


def _silent_for(facts: Facts, days: float) -> Instant:
    """Deaf time makes it later."""
    return (facts.last_interaction or facts.joined_at or 0) + int(days * DAY)


def _in_stage_for(facts: Facts, days: float) -> Instant:
    return (facts.stage_since or 0) + int(days * DAY)


def _leaves_intro(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    settles = (facts.joined_at or 0) + int(rules.newcomer_days * DAY)
    return min(settles, _silent_for(facts, rules.decline_silence_days))


def _leaves_quiet(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    return _silent_for(facts, rules.decline_silence_days)


def _leaves_growing(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    """At the earliest when this week has too few messages; then, when the first leaves the week before it."""
    ats, few = facts.speech.ats, max(1, rules.quiet_week_messages)
    week = ats[-few] + 7 * DAY if len(ats) >= few else now
    if week <= now:
        week = next((at for at in ats if at > now - 14 * DAY), now - 14 * DAY) + 14 * DAY
    return min(week, _silent_for(facts, rules.decline_silence_days))


def _leaves_mature(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    paid = facts.paid
    return paid[-1].at + int(rules.mature_days * DAY) if paid else now


def _leaves_resting(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    rested = _in_stage_for(facts, rules.dormant_rest_days)
    return max(rested, _silent_for(facts, rules.decline_silence_days))


def _leaves_declining(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    return max(_in_stage_for(facts, rules.lost_decline_days), _silent_for(facts, rules.lost_silence_days))


def _never(facts: Facts, now: Instant, rules: LifecycleRules) -> Instant:
    return NEVER


_LEAVES: dict[str, Callable[[Facts, Instant, LifecycleRules], Instant]] = {
    INTRO: _leaves_intro,
    QUIET: _leaves_quiet,
    GROWING: _leaves_growing,
    MATURE: _leaves_mature,
    RESTING: _leaves_resting,
    DECLINING: _leaves_declining,
    LOST: _never,
}


def _content_wakes(facts: Facts, world: World, rules: RuleSet) -> Iterator[Instant]:
    """When the oldest day leaves the window; a summer time that ends may let it leave a day earlier."""
    if facts.content.days:
        oldest, hour = facts.content.days[0], rules.lifecycle.evaluation_hour
        wake = day_at(oldest + rules.content.days - 1, hour, world.zone)
        leaves = evaluation_day(wake, hour, world.zone) - rules.content.days >= oldest
        yield wake if leaves else day_at(oldest + rules.content.days, hour, world.zone)


def _spending_wakes(facts: Facts, now: Instant, rules: RuleSet) -> Iterator[Instant]:
    """When orders a month fall to a bar, or the last order becomes less recent; the other indicators stand still."""
    bars, floor = rules.spending, facts.floors.get("spending", 0)
    paid = [order.at for order in facts.paid if order.at >= floor]
    if not paid:
        return
    at_bars = [paid[0] + int(len(paid) / bar * MONTH) - SECOND for bar in (bars.monthly_middle, bars.monthly_high)]
    ages = [paid[-1] + int(days * DAY) for days in (bars.recent_days, bars.warm_days, bars.cool_days)]
    yield from (at for at in (*at_bars, *ages) if at + SECOND > now)


def _sample_wakes(facts: Facts, now: Instant, rules: RuleSet) -> Iterator[Instant]:
    """When the oldest click, order or tie leaves the window in which members are compared."""
    window = int(rules.cohort.window_days * DAY)
    yield next((at + window for at, _ in facts.clicks if at + window > now), NEVER)
    yield min((order.at + window for order in facts.paid if order.at + window > now), default=NEVER)
    yield min(facts.ties.values(), default=NEVER) + int(rules.social.tie_days * DAY)
