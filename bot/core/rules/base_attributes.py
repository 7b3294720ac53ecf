"""Dimension 1, 基础属性: what members say of themselves, and how they came in (RULEBOOK §1)."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from bot.core.facts import Facts
from bot.core.instants import Instant, iso
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

QUESTION_PATHS = {
    "age": "人口属性/年龄",
    "gender": "人口属性/性别",
    "region": "人口属性/地域",
    "occupation": "人口属性/职业",
}
INTRODUCTION_WEIGHT = 0.8
"""A self-introduction in free text is less certain than an answer to a question."""


def _attribute(question: str) -> Callable[[Facts, World, Instant], Measured]:
    def measure(facts: Facts, world: World, at: Instant) -> Measured:
        known = facts.attributes.get(question)
        if known is None:
            return {"来源": "没有回答，也没有自我介绍"}
        told = "问卷回答" if known.source == "survey" else "自我介绍"
        return {"来源": told, "时间": iso(known.at, world.zone), "_value": known.value, "_source": known.source}

    return measure


def _attribute_tag(path: str) -> Callable[[Measured, RuleSet], Iterator[Tag]]:
    def decide(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
        if "_value" in measured:
            certain = 1.0 if measured["_source"] == "survey" else INTRODUCTION_WEIGHT
            yield Tag(path, measured["_value"], certain, measured["_source"])

    return decide


def _attribute_rule(question: str, path: str) -> Rule:
    return Rule(
        name=f"attribute_{question}",
        paths=(path,),
        measure=_attribute(question),
        decide=_attribute_tag(path),
        on=frozenset({"answer", "introduction", "consent"}),
        purpose="profile",
        ends="撤回授权，或给出新的回答",
        reads=frozenset(),
    )


def _entrance(facts: Facts, world: World, at: Instant) -> Measured:
    if facts.channel is None:
        return {"入群": "没有看到入群事件，或已拒绝画像"}
    return {"入群": iso(facts.joined_at, world.zone), "邀请人": facts.inviter, "渠道": facts.channel}


def _inviter(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured.get("邀请人"):
        yield Tag("社交关系/邀请人", measured["邀请人"])


def _channel(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    """An inviter without a channel is a friend's invitation."""
    if measured.get("渠道"):
        told = measured["渠道"]
        yield Tag("社交关系/入群渠道", "好友邀请" if told == "未知" and measured["邀请人"] else told)


_ONCE = frozenset({"join", "consent"})

RULES = (
    *(_attribute_rule(question, path) for question, path in QUESTION_PATHS.items()),
    Rule(
        "inviter",
        ("社交关系/邀请人",),
        _entrance,
        _inviter,
        "拒绝画像",
        on=_ONCE,
        purpose="behaviour",
        reads=frozenset(),
    ),
    Rule(
        "join_channel",
        ("社交关系/入群渠道",),
        _entrance,
        _channel,
        "拒绝画像",
        on=_ONCE,
        purpose="behaviour",
        reads=frozenset(),
    ),
)
