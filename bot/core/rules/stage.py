"""Dimension 3, 生命周期: the stage a member is in, and whether he may be recalled (RULEBOOK §3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
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
    return asdict(rules.lifecycle)


RULES = (
    Rule(
        "stage",
        (STAGE_PATH,),
        _stage,
        _stage_tag,
        "阶段表中任一行成立（每日 04:00 评定；入群、下单、退款、回流即时评定）",
        on=frozenset({"stage"}),
        bars=_bars,
    ),
    Rule("recall", (RECALL_PATH,), _stage, _recall_tag, "离开衰退期", on=frozenset({"stage"}), bars=_bars),
)
