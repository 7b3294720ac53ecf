"""Stages of a member's life in the community (RULEBOOK §3), as one table of rows and one choice among them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.core.facts import Facts
from bot.core.instants import DAY, Instant
from bot.core.ruleset import LifecycleRules
from bot.core.world import World

INTRO, QUIET, GROWING, MATURE = "引入期", "沉默期", "成长期", "成熟期"
RESTING, DECLINING, LOST = "休眠", "衰退期", "流失"
STAGES = (INTRO, QUIET, GROWING, MATURE, RESTING, DECLINING, LOST)
PRIORITY = (MATURE, LOST, DECLINING, RESTING, GROWING, QUIET)
"""When several rows hold, the first of these wins."""
UNPROTECTED = frozenset({MATURE, DECLINING, LOST})
"""Stages that may be entered although the last change is younger than the protection span."""
DORMANT = frozenset({DECLINING, RESTING, LOST})
"""Entering one of these flags the member dormant."""


@dataclass(slots=True)
class Situation:
    """What the stage table looks at, at one instant; measured only when a row asks.

    The member has joined (`facts.joined_at` and `facts.stage` are set). Silence and ages are in days.
    """

    facts: Facts
    world: World
    at: Instant
    rules: LifecycleRules
    interaction: bool

    @property
    def stage(self) -> str:
        return self.facts.stage or QUIET

    @property
    def weekly(self) -> float:
        return weekly_average(self.facts, self.world, self.at, self.rules)

    def said(self, since_days: float, until_days: float) -> int:
        """Valid messages between so many days ago."""
        start, end = self.at - int(since_days * DAY), self.at - int(until_days * DAY)
        return self.facts.speech.count(start, end)

    @property
    def silence(self) -> float:
        return silence(self.facts, self.world, self.at)

    @property
    def age(self) -> float:
        return _days(self.facts.joined_at, self.at) or 0.0

    @property
    def in_stage(self) -> float:
        return _days(self.facts.stage_since, self.at) or 0.0

    @property
    def purchases(self) -> int:
        return len(self.facts.paid)

    @property
    def since_purchase(self) -> float | None:
        paid = self.facts.paid
        return _days(paid[-1].at, self.at) if paid else None

    @property
    def since_change(self) -> float | None:
        return _days(self.facts.stage_changed, self.at)


def _days(since: Instant | None, at: Instant) -> float | None:
    return None if since is None else (at - since) / DAY


def weekly_average(facts: Facts, world: World, at: Instant, rules: LifecycleRules) -> float:
    """w = valid messages of the last 14 days ÷ 2; younger members: ÷ weeks since joining, at least one week."""
    said = facts.speech.count(at - int(rules.average_days * DAY), at)
    age = (at - (facts.joined_at or at)) / DAY
    weeks = min(rules.average_days, age) / 7
    return round(said / max(1.0, weeks), 9)


def silence(facts: Facts, world: World, at: Instant) -> float:
    """Days since the last interaction (or joining), less the time in which the bot was deaf."""
    since = facts.last_interaction or facts.joined_at or at
    return (at - since - world.deaf_time(since, at, facts.group_since)) / DAY


Row = Callable[[Situation, LifecycleRules], bool]


def _matures(now: Situation, rules: LifecycleRules) -> bool:
    if now.stage == MATURE or now.purchases < rules.mature_purchases:
        return False
    return now.since_purchase is not None and now.since_purchase < rules.mature_days


def _is_lost(now: Situation, rules: LifecycleRules) -> bool:
    long_there = now.stage == DECLINING and now.in_stage >= rules.lost_decline_days
    return long_there and now.silence >= rules.lost_silence_days


def _declines(now: Situation, rules: LifecycleRules) -> bool:
    rested = now.stage == RESTING and now.in_stage >= rules.dormant_rest_days
    return (now.stage in (INTRO, QUIET, GROWING) or rested) and now.silence >= rules.decline_silence_days


def _rests(now: Situation, rules: LifecycleRules) -> bool:
    return now.stage == MATURE and now.since_purchase is not None and now.since_purchase >= rules.mature_days


def _leaves_mature(now: Situation, rules: LifecycleRules) -> bool:
    return now.stage == MATURE and now.purchases < rules.mature_purchases


def returns(now: Situation) -> bool:
    """回流: an interaction of a member in 衰退期 or 流失."""
    return now.interaction and now.stage in (DECLINING, LOST)


def _grows(now: Situation, rules: LifecycleRules) -> bool:
    from_below = now.stage in (INTRO, QUIET, RESTING)
    return (from_below or _leaves_mature(now, rules) or returns(now)) and now.weekly >= rules.growth_weekly


def _falls_quiet(now: Situation, rules: LifecycleRules) -> bool:
    settled = now.stage == INTRO and now.age >= rules.newcomer_days
    return settled or _slows(now, rules) or _leaves_mature(now, rules) or returns(now)


def _slows(now: Situation, rules: LifecycleRules) -> bool:
    """Each of the last two weeks has too few messages."""
    if now.stage != GROWING:
        return False
    return now.said(7, 0) < rules.quiet_week_messages and now.said(14, 7) < rules.quiet_week_messages


ROWS: dict[str, Row] = {
    MATURE: _matures,
    LOST: _is_lost,
    DECLINING: _declines,
    RESTING: _rests,
    GROWING: _grows,
    QUIET: _falls_quiet,
}


def protected(now: Situation, to: str, rules: LifecycleRules) -> bool:
    """阶段重叠保护: after a change the stage stays, except for the moves the RULEBOOK lists."""
    if to in UNPROTECTED or returns(now):
        return False
    return now.since_change is not None and now.since_change < rules.protection_days


def next_stage(now: Situation, rules: LifecycleRules) -> str | None:
    """The stage to move to, or None to stay."""
    for stage in PRIORITY:
        if ROWS[stage](now, rules) and not protected(now, stage, rules):
            return stage
    return None
