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


@dataclass(frozen=True, slots=True)
class Situation:
    """What the stage table looks at, at one instant. Silence and ages are in days, `weekly` in messages a week."""

    stage: str
    weekly: float
    last_week: int
    week_before: int
    silence: float
    age: float
    in_stage: float
    purchases: int
    since_purchase: float | None
    since_change: float | None
    interaction: bool


def situation(facts: Facts, world: World, at: Instant, rules: LifecycleRules, interaction: bool) -> Situation:
    """Measure a member who has joined (`facts.joined_at` and `facts.stage` are set)."""
    assert facts.joined_at is not None and facts.stage is not None and facts.stage_since is not None
    paid = facts.purchases_to(at)
    week, fortnight = at - 7 * DAY, at - 14 * DAY
    last_week = facts.speech.count(week, at, world.zone)
    return Situation(
        stage=facts.stage,
        weekly=weekly_average(facts, world, at, rules),
        last_week=last_week,
        week_before=facts.speech.count(fortnight, week, world.zone),
        silence=silence(facts, world, at),
        age=(at - facts.joined_at) / DAY,
        in_stage=(at - facts.stage_since) / DAY,
        purchases=len(paid),
        since_purchase=(at - paid[-1]) / DAY if paid else None,
        since_change=None if facts.stage_changed is None else (at - facts.stage_changed) / DAY,
        interaction=interaction,
    )


def weekly_average(facts: Facts, world: World, at: Instant, rules: LifecycleRules) -> float:
    """w = valid messages of the last 14 days ÷ 2; younger members: ÷ weeks since joining, at least one week."""
    said = facts.speech.count(at - int(rules.average_days * DAY), at, world.zone)
    age = (at - (facts.joined_at or at)) / DAY
    weeks = min(rules.average_days, age) / 7
    return said / max(1.0, weeks)


def silence(facts: Facts, world: World, at: Instant) -> float:
    """Days since the last interaction (or joining), less the time in which the bot was deaf."""
    since = facts.last_interaction or facts.joined_at or at
    return (at - since - world.deaf_time(since, at, facts.groups)) / DAY


Row = Callable[[Situation, LifecycleRules], bool]


def _matures(now: Situation, rules: LifecycleRules) -> bool:
    recent = now.since_purchase is not None and now.since_purchase < rules.mature_days
    return now.stage != MATURE and now.purchases >= rules.mature_purchases and recent


def _is_lost(now: Situation, rules: LifecycleRules) -> bool:
    return (
        now.stage == DECLINING
        and now.silence >= rules.lost_silence_days
        and now.in_stage >= rules.lost_decline_days
    )


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
    bar = rules.quiet_week_messages
    slowed = now.stage == GROWING and now.last_week < bar and now.week_before < bar
    settled = now.stage == INTRO and now.age >= rules.newcomer_days
    return slowed or settled or _leaves_mature(now, rules) or returns(now)


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
