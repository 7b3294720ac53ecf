"""Dimension 2, 行为: activity level, layer, check-ins (RULEBOOK §2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core import activity
from bot.core.facts import Facts
from bot.core.instants import DAY, Instant, local_day
from bot.core.levels import ACTIVITY
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World


def _activity(facts: Facts, world: World, at: Instant) -> Measured:
    if facts.level is None:
        return {"活跃指数": None, "说明": "还没有经过每日评定"}
    rules = world.version(at).rules.activity
    last = facts.last_interaction
    return {
        "活跃指数": round(facts.level_index, 4),
        "未互动天数": None if last is None else round((at - last) / DAY, 3),
        "_level": facts.level,
        "_weight": activity.strength(facts, world, at, rules),
    }


def _activity_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_level" in measured:
        yield Tag("行为/活跃度", activity.LEVELS[measured["_level"]], measured["_weight"])


def _activity_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.activity
    return {"高活跃": bars.high, "中活跃": bars.middle, "低活跃": "> 0", "下降时": f"低于门槛 × {bars.keep_ratio}"}


def _layer(facts: Facts, world: World, at: Instant) -> Measured:
    points = facts.layer_score
    return {"成员分": None if points is None else round(points, 2), "_layer": facts.layer}


def _layer_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured["_layer"] is not None:
        yield Tag("行为/用户层级", measured["_layer"])


def _layer_bars(rules: RuleSet) -> Mapping[str, Any]:
    return {"核心": f"≥ {rules.activity.core_score:g}", "边缘": f"< {rules.activity.fringe_score:g}"}


def _days_of(facts: Facts, world: World, at: Instant, days: int) -> list[Instant]:
    """The last check-in of each local calendar day with one in (at − days × 24 h, at], newest first."""
    last: dict[int, Instant] = {}
    for checkin in facts.checkins:
        if at - days * DAY < checkin <= at:
            last[local_day(checkin, world.zone)] = checkin
    return sorted(last.values(), reverse=True)


def _checkins(facts: Facts, world: World, at: Instant) -> Measured:
    """A day stops counting when its last check-in leaves the window; the day at the bar says how long the tag lasts."""
    bars = world.version(at).rules.activity
    week, month = _days_of(facts, world, at, 7), _days_of(facts, world, at, 30)
    measured: dict[str, Any] = {"近7天签到天数": len(week), "近30天签到天数": len(month)}
    if len(week) >= bars.checkin_week and len(month) >= bars.checkin_month:
        by_week = week[bars.checkin_week - 1] + 7 * DAY
        measured["_until"] = min(by_week, month[bars.checkin_month - 1] + 30 * DAY)
    return measured


def _checkin_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_until" in measured:
        yield Tag("行为/签到", "签到达人", expires_at=measured["_until"])


def _checkin_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.activity
    return {"近7天签到天数": f"≥ {bars.checkin_week}", "近30天签到天数": f"≥ {bars.checkin_month}"}


RULES = (
    Rule(
        "activity_level",
        ("行为/活跃度",),
        _activity,
        _activity_tag,
        "每日评定时活跃指数越过另一档的门槛",
        on=frozenset({"settle"}),
        daily=ACTIVITY,
        bars=_activity_bars,
        reads=frozenset({"activity"}),
        purpose="behaviour",
    ),
    Rule(
        "layer",
        ("行为/用户层级",),
        _layer,
        _layer_tag,
        "每日评定时成员分越过另一层的门槛",
        on=frozenset({"settle"}),
        daily=ACTIVITY,
        bars=_layer_bars,
        reads=frozenset(),
        purpose="behaviour",
    ),
    Rule(
        "checkin",
        ("行为/签到",),
        _checkins,
        _checkin_tag,
        "近 7 天或近 30 天的签到天数低于门槛",
        on=frozenset({"checkin", "withdraw"}),
        bars=_checkin_bars,
        reads=frozenset({"activity"}),
        purpose="behaviour",
        concerns=lambda facts: bool(facts.checkins),
    ),
)
