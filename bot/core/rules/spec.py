"""What a tag rule is: a value that measures facts, decides on tags, and can say why, also when it says no."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.ruleset import RuleSet
from bot.core.tags import Because, Tag
from bot.core.world import World

Measured = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of one tag dimension.

    paths: the tag paths it owns. on: event types after which it is evaluated at once ("stage" stands for a stage move,
    "hit" for a verdict, "influence" for a look at KOL and KOC, "no_orders" for a refund that leaves none, "settle" for
    bringing a member to an instant). daily: the ground (bot.core.levels) on which it speaks at the daily evaluation;
    quantile, share and level tags change only there. measure: the facts used, in Chinese words. decide: the tags that
    follow from them. concerns: a quick look whether the rule can say anything of a member at all. bars: the rule-set
    values it compares with. purpose: the consent purpose it rests on. ends: what would end the tag. reads: the sections
    of the rule set that its tags hang on beside the facts; None for any.
    """

    name: str
    paths: tuple[str, ...]
    measure: Callable[[Facts, World, Instant], Measured]
    decide: Callable[[Measured, RuleSet], Iterator[Tag]]
    ends: str
    on: frozenset[str] = frozenset()
    daily: str | None = None
    bars: Callable[[RuleSet], Mapping[str, Any]] = lambda rules: {}
    purpose: str | None = None
    concerns: Callable[[Facts], bool] = lambda facts: True
    reads: frozenset[str] | None = None


def say(rule: Rule, facts: Facts, world: World, at: Instant) -> tuple[list[Tag], Because]:
    """The tags this rule gives at `at`, and the facts and bars it used, which are every tag's `because`."""
    if facts.barred(rule.purpose):
        return [], {"说明": "已拒绝画像，或未满 18 岁"}
    rules = world.version(at).rules
    measured = rule.measure(facts, world, at)
    because = {key: value for key, value in measured.items() if key[0] != "_"}
    because["门槛"] = _bars(rule, rules)
    return [
        Tag(tag.path, tag.value, tag.weight, tag.source, tag.expires_at, because)
        for tag in rule.decide(measured, rules)
    ], because


def _bars(rule: Rule, rules: RuleSet) -> Mapping[str, Any]:
    """Worded once per rule set: a rule set never changes."""
    known = _WORDED.get((rule.name, id(rules)))
    if known is None or known[0] is not rules:
        known = _WORDED[rule.name, id(rules)] = (rules, dict(rule.bars(rules)))
    return known[1]


_WORDED: dict[tuple[str, int], tuple[RuleSet, Mapping[str, Any]]] = {}
