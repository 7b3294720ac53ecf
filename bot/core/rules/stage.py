"""Dimension 3, 生命周期: the stage a member is in, and whether he may be recalled (RULEBOOK §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core import lifecycle
from bot.core.facts import Facts
from bot.core.instants import Instant, iso
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

STAGE_PATH = "生命周期/阶段"
RECALL_PATH = "生命周期/召回"


def _stage(facts: Facts, world: World, at: Instant) -> Measured:
    if facts.stage is None:
        return {"阶段": None}
    rules = world.version(at).rules.lifecycle
    now = lifecycle.Situation(facts, world, at, rules, interaction=False)
    measured: dict[str, Any] = {
        "阶段": facts.stage,
        "进入时间": iso(facts.stage_since, world.zone),
        "周均有效发言": round(now.weekly, 3),
        "沉默天数": round(now.silence, 3),
        "未退购买次数": now.purchases,
        "推断入群": facts.inferred,
    }
    if facts.returned:
        measured["回流"] = True
    return measured


def _stage_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured["阶段"] is not None:
        yield Tag(STAGE_PATH, measured["阶段"])


def _recall_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured["阶段"] == lifecycle.DECLINING:
        yield Tag(RECALL_PATH, "可召回")


def _bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.lifecycle
    return {
        "成长期": f"周均有效发言 ≥ {bars.growth_weekly:g}",
        "成熟期": f"未退购买 ≥ {bars.mature_purchases} 次且最近一次在 {bars.mature_days:g} 天内",
        "沉默期": f"入群满 {bars.newcomer_days:g} 天，或连续两周每周不足 {bars.quiet_week_messages} 条",
        "休眠": f"成熟期后 {bars.mature_days:g} 天没有购买",
        "衰退期": f"沉默 ≥ {bars.decline_silence_days:g} 天",
        "流失": f"沉默 ≥ {bars.lost_silence_days:g} 天且在衰退期满 {bars.lost_decline_days:g} 天",
        "重叠保护": f"变化后 {bars.protection_days:g} 天",
    }


RULES = (
    Rule(
        "stage",
        (STAGE_PATH,),
        _stage,
        _stage_tag,
        "阶段表中任一行成立（每日 04:00 评定；入群、下单、退款、回流即时评定）",
        on=frozenset({"stage"}),
        bars=_bars,
        reads=frozenset(),
    ),
    Rule(
        "recall",
        (RECALL_PATH,),
        _stage,
        _recall_tag,
        "离开衰退期",
        on=frozenset({"stage"}),
        bars=_bars,
        reads=frozenset(),
    ),
)
