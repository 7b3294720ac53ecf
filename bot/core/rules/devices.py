"""Dimension 1, 设备特征: what a tracked click in WeChat's browser tells of the phone (RULEBOOK §1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.core.facts import Facts
from bot.core.instants import Instant, iso
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

PART_PATHS = {"phone": "设备特征/手机型号", "system": "设备特征/系统版本", "network": "设备特征/网络类型"}


def _measure(part: str) -> Callable[[Facts, World, Instant], Measured]:
    def measure(facts: Facts, world: World, at: Instant) -> Measured:
        if part not in facts.device:
            return {"来源": "没有同意下的微信内点击"}
        seen, value = facts.device[part]
        return {"来源": "微信内点击的浏览器标识", "时间": iso(seen, world.zone), "_value": value}

    return measure


def _decide(path: str) -> Callable[[Measured, RuleSet], Iterator[Tag]]:
    def decide(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
        if "_value" in measured:
            yield Tag(path, measured["_value"])

    return decide


RULES = tuple(
    Rule(
        name=f"device_{part}",
        paths=(path,),
        measure=_measure(part),
        decide=_decide(path),
        on=frozenset({"device", "consent"}),
        purpose="device",
        ends="撤回设备授权，或用别的设备点击",
        concerns=lambda facts: bool(facts.device),
        reads=frozenset(),
    )
    for part, path in PART_PATHS.items()
)
