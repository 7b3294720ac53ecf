"""Custom tags as rules like any other. They speak at the daily evaluation only, after the rules of the house."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from bot.core.custom_facts import VARIABLES, measured, permitted
from bot.core.custom_tags import CustomTag
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

ENDS = "每日评定时表达式不再成立，所依据的授权撤回，或规则集里不再有它"


def rules_of(rules: RuleSet) -> tuple[Rule, ...]:
    """The rules of a rule set's custom tags, made once: a rule set never changes."""
    if not rules.custom:
        return ()
    known = _MADE.get(id(rules))
    if known is None or known[0] is not rules:
        known = _MADE[id(rules)] = (rules, tuple(_rule(tag) for tag in rules.custom))
    return known[1]


_MADE: dict[int, tuple[RuleSet, tuple[Rule, ...]]] = {}


def _rule(tag: CustomTag) -> Rule:
    return Rule(
        tag.rule,
        (tag.path,),
        _measure(tag),
        partial(_decide, tag),
        ENDS,
        bars=lambda rules: {"表达式": tag.when},
        concerns=partial(permitted, tag),
    )


def _measure(tag: CustomTag) -> Callable[[Facts, World, Instant], Measured]:
    def measure(facts: Facts, world: World, at: Instant) -> Measured:
        if not permitted(tag, facts):
            return {"说明": "没有所需的授权，或已拒绝画像"}
        values = measured(tag, facts, world, at)
        named: dict[str, Any] = {VARIABLES[name].words: value for name, value in values.items()}
        return {**named, "_holds": tag.holds is not None and tag.holds(values)}

    return measure


def _decide(tag: CustomTag, measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured.get("_holds"):
        yield Tag(tag.path, tag.value, tag.weight)
