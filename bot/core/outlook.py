"""How long a member's level and layer stand if nothing more is heard of him.

The index of a coming day lies between two sums that need no medians: of the whole days still in the windows, each at
most at the least cap (no cap is lower), and of all that was done on the days still touched. Both only fall as days
leave, so it is enough to look at the upper one once, and to see when the lower one falls too low.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Mapping
from itertools import accumulate
from math import inf

from bot.core.activity import day_values
from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, day_at, local_day, local_second
from bot.core.ruleset import ActivityRules, RuleSet
from bot.core.score import score_range
from bot.core.world import World

NEVER: Instant = 2**62
MARGIN = 1e-6
"""Far more than an index is ever rounded by."""


def level_wakes(facts: Facts, world: World, now: Instant, rules: RuleSet) -> Instant:
    """The first evaluation after the one at `now` that may find another level or layer; NEVER at level 0."""
    if not facts.level:
        return NEVER
    bars, hour = rules.activity, rules.lifecycle.evaluation_hour
    if not 1 <= hour <= 22 and _clock_changes(now, world):
        return now  # around midnight a window might touch one day more or less
    tomorrow = local_day(now, world.zone) + 1
    values = day_values(facts, world, now - max(bars.recent_days, bars.long_days) * DAY, now, bars)
    below, above = _between(facts, world, now, bars)
    if _most(facts, now, bars) >= above or (facts.level > 1 and bars.recent_share >= 1):
        return now
    lows = {day: min(value, bars.day_cap_least) for day, value in values.items()}
    return day_at(_falls_on(below, lows, tomorrow, facts.level, bars), hour, world.zone)


def _clock_changes(now: Instant, world: World) -> bool:
    """Whether summer time begins or ends within two months around `now`."""
    return len({local_second(now + days * DAY, world.zone) for days in (-32, 0, 32)}) > 1


def _between(facts: Facts, world: World, now: Instant, bars: ActivityRules) -> tuple[float, float]:
    """The indices between which level and layer stand.

    高活跃 stands as long as no single day, worth the least cap here, pulls the rest below 中活跃.
    """
    one_day = bars.day_cap_least * (bars.recent_share / bars.recent_days + (1 - bars.recent_share) / bars.long_days)
    level = facts.level or 1
    fall = (0.0, 0.0, bars.keep_ratio * bars.middle, max(bars.keep_ratio * bars.high, bars.middle + one_day))[level]
    rise = (0.0, bars.middle, bars.high, inf)[level]
    none, full = score_range(facts, world, now)
    if full > none:
        lowest, highest = _LAYERS[facts.layer or "边缘"](bars)
        fall = max(fall, bars.high * (lowest - none) / (full - none))
        rise = min(rise, bars.high * (highest - none) / (full - none) if highest <= full else inf)
    return fall + MARGIN, rise - MARGIN


_LAYERS: Mapping[str, Callable[[ActivityRules], tuple[float, float]]] = {
    "核心": lambda bars: (bars.core_score, inf),
    "普通": lambda bars: (bars.fringe_score, bars.core_score),
    "边缘": lambda bars: (-inf, bars.fringe_score),
}
"""From which score to below which each layer reaches."""


def _most(facts: Facts, now: Instant, bars: ActivityRules) -> float:
    """At least the index of every later evaluation."""
    recent, long = (_all_after(facts, now - span * DAY) for span in (bars.recent_days, bars.long_days))
    return _mean(recent, long, bars)


def _all_after(facts: Facts, start: Instant) -> float:
    return facts.speech.said_after(start) + sum(weight for at, weight in facts.clicks if at > start)


def _falls_on(below: float, lows: Mapping[int, float], day: int, level: int, bars: ActivityRules) -> int:
    """The first evaluation day from `day` on whose index may be below `below`, or that leaves a single active day."""
    days = [*sorted(lows), _AFTER_ALL]
    sums = [*accumulate((lows[one] for one in reversed(days[:-1])), initial=0.0)][::-1]  # of each day and all later
    recent = long = 0
    while True:
        recent = bisect_right(days, day - bars.recent_days, recent)
        long = bisect_right(days, day - bars.long_days, long)
        least = _mean(sums[recent], sums[long], bars)
        if least < below or (level > 1 and len(days) - 1 - long < 2):
            return day
        day = min(days[recent] + bars.recent_days, days[long] + bars.long_days)


_AFTER_ALL = 2**40


def _mean(recent: float, long: float, bars: ActivityRules) -> float:
    """An index of these sums."""
    return bars.recent_share * recent / bars.recent_days + (1 - bars.recent_share) * long / bars.long_days
