"""Dimension 2, 行为: activity level, check-ins, layer (RULEBOOK §2)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core import activity
from bot.core.facts import Facts
from bot.core.instants import DAY, Instant
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
    return {"成员分": round(facts.layer_score, 2), "_layer": facts.layer}


def _layer_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured["_layer"] is not None:
        yield Tag("行为/用户层级", measured["_layer"])


def _layer_bars(rules: RuleSet) -> Mapping[str, Any]:
    return {"核心": f"≥ {rules.activity.core_score:g}", "边缘": f"< {rules.activity.fringe_score:g}"}


RULES = (
    Rule(
        "activity_level",
        ("行为/活跃度",),
        _activity,
        _activity_tag,
        "每日评定时活跃指数越过另一档的门槛",
        on=frozenset({"settle"}),
        daily=True,
        bars=_activity_bars,
        purpose="behaviour",
    ),
    Rule(
        "layer",
        ("行为/用户层级",),
        _layer,
        _layer_tag,
        "每日评定时成员分越过另一层的门槛",
        daily=True,
        bars=_layer_bars,
        purpose="behaviour",
    ),
)
