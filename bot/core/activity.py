"""Activity index, level and decay (RULEBOOK §2)."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from operator import attrgetter

from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, day_at, local_day
from bot.core.ruleset import ActivityRules
from bot.core.world import World

LEVELS = ("不活跃", "低活跃", "中活跃", "高活跃")


Windows = tuple[Mapping[int, float], Mapping[int, float]]
"""Daily values, by local day number, of the recent and of the long window."""
Indexed = tuple[Windows, float]
"""Windows and their index."""
INDEX_BARS = (
    "daily_cap", "speech_gap_seconds", "recent_days", "long_days", "recent_share", "day_cap_medians", "day_cap_least",
)  # fmt: skip
"""The bars that an index hangs on: all others only say what follows from it."""
index_bars = attrgetter(*INDEX_BARS)


def day_values(facts: Facts, world: World, start: Instant, end: Instant, rules: ActivityRules) -> dict[int, float]:
    """Daily value (speech weight + click weight) of each active local day in (start, end]."""
    start = max(start, facts.floors.get("behaviour", 0) - 1)
    values = facts.speech.weights(start, end, rules, world.zone)
    for at, weight in reversed(facts.clicks):
        if at <= start:
            break
        if at <= end:
            day = local_day(at, world.zone)
            values[day] = values.get(day, 0.0) + weight
    return values if all(values.values()) else {day: value for day, value in values.items() if value > 0}


def capped_sum(values: Mapping[int, float], rules: ActivityRules, without: int | None = None) -> float:
    """Sum of daily values, each at most 3× the median of the other active days, that bar being at least 5."""
    days = sorted(values.values() if without is None else (v for day, v in values.items() if day != without))
    least, times = rules.day_cap_least, rules.day_cap_medians
    if not days or days[-1] <= least:
        return sum(days)
    lowest_median = days[(len(days) - 2) // 2] if len(days) > 1 else 0.0
    free = bisect_right(days, max(least, times * lowest_median))
    capped = [
        min(value, max(least, times * _median_without(days, free + place))) for place, value in enumerate(days[free:])
    ]
    return sum(days[:free]) + sum(capped)


def _median_without(days: Sequence[float], place: int) -> float:
    """Median of sorted `days` with the one at `place` left out; 0 when nothing is left."""
    others = len(days) - 1
    if others == 0:
        return 0.0
    low, high = (others - 1) // 2, others // 2
    return (days[low + (low >= place)] + days[high + (high >= place)]) / 2


def windows(facts: Facts, world: World, at: Instant, rules: ActivityRules) -> Windows:
    """Daily values of the recent and of the long window that end at `at`."""
    long = day_values(facts, world, at - rules.long_days * DAY, at, rules)
    if not long:
        return {}, {}
    return _recent(long, facts, world, at, rules), long


def _recent(
    long: Mapping[int, float], facts: Facts, world: World, at: Instant, rules: ActivityRules
) -> dict[int, float]:
    """Days after the one on which the window begins are worth the same in both; only that one is weighed again."""
    start = at - rules.recent_days * DAY
    if rules.recent_days > rules.long_days:
        return day_values(facts, world, start, at, rules)
    edge = local_day(start, world.zone)
    recent = {day: value for day, value in long.items() if day > edge}
    if edge in long:
        recent |= day_values(facts, world, start, min(at, day_at(edge + 1, 0, world.zone) - 1), rules)
    return recent


def index_of(values: Windows, rules: ActivityRules, without: int | None = None) -> float:
    """0.6 × mean daily value of the last 7 days + 0.4 × that of the last 30; `without` leaves one day out.

    Rounded to nine places, so that what makes 3 on paper is 3.
    """
    recent, long = values
    recent_mean = capped_sum(recent, rules, without) / rules.recent_days
    long_mean = capped_sum(long, rules, without) / rules.long_days
    return round(rules.recent_share * recent_mean + (1 - rules.recent_share) * long_mean, 9)


def indexed(facts: Facts, world: World, at: Instant, rules: ActivityRules) -> Indexed:
    values = windows(facts, world, at, rules)
    return values, index_of(values, rules)


def index(facts: Facts, world: World, at: Instant, rules: ActivityRules) -> float:
    return indexed(facts, world, at, rules)[1]


def raw_level(value: float, rules: ActivityRules) -> int:
    """0 不活跃, 1 低活跃, 2 中活跃, 3 高活跃."""
    if value >= rules.high:
        return 3
    if value >= rules.middle:
        return 2
    return 1 if value > 0 else 0


def _held_level(value: float, before: int | None, rules: ActivityRules) -> int:
    """A level is left downward only below 0.9 × its bar (低活跃: at 0)."""
    level = raw_level(value, rules)
    bars = (0.0, 0.0, rules.keep_ratio * rules.middle, rules.keep_ratio * rules.high)
    for kept in range(before or 0, level, -1):
        if value >= bars[kept] and value > 0:
            return kept
    return level


def level(values: Windows, found: float, before: int | None, rules: ActivityRules) -> int:
    """The level of these windows (`found` is their index): at most one step above the lowest with any day removed."""
    held = _held_level(found, before, rules)
    if held <= 1:
        return held
    if held == 2 and rules.recent_share < 1:
        return held if len(values[1]) > 1 else 1
    if _sure_of_middle(values, rules):
        return held
    lowest = min(raw_level(index_of(values, rules, day), rules) for day in values[1])
    return min(held, lowest + 1)


def _sure_of_middle(values: Windows, rules: ActivityRules) -> bool:
    """Whether no single day can pull the index below 中活跃: what is never capped suffices without its best day."""
    recent, long = (sum(min(value, rules.day_cap_least) for value in window.values()) for window in values)
    recent, long = recent - rules.day_cap_least, long - rules.day_cap_least
    least = rules.recent_share * recent / rules.recent_days + (1 - rules.recent_share) * long / rules.long_days
    return least >= rules.middle


def decay(idle: int, rules: ActivityRules) -> float:
    """Factor for `idle` microseconds without an interaction: halved every 15 days after day 30."""
    over = max(0.0, idle / DAY - rules.decay_after_days)
    return float(0.5 ** (over / rules.decay_half_days))


def strength(facts: Facts, world: World, at: Instant, rules: ActivityRules) -> float:
    """Tag weight: min(1, index at the last interaction ÷ 3), decayed."""
    last = facts.last_interaction
    if last is None:
        return 0.0
    number = world.version(at).number
    if facts.struck is None or facts.struck[0] != number:
        facts.struck = [number, index(facts, world, last, rules)]
    struck: float = facts.struck[1]
    return min(1.0, struck / rules.high) * decay(max(0, at - last), rules)
