"""Dimension 4, 内容偏好: topics, forms and hours of what a member shares and opens (RULEBOOK §4)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from bot.core.content import BY_MODEL, BY_PERSON, BY_WORDS, EVENING, FORMS, MORNING, NOON, sourced
from bot.core.event_fields import TOPICS
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.levels import CONTENT
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

TOPIC_PATH, FORM_PATH, PERIOD_PATH = "内容偏好/题材", "内容偏好/形式", "内容偏好/时段"
PERIODS = (MORNING, NOON, EVENING)
NEVER_STRONG = frozenset({"健康"})
"""No 健康控: a lasting interest in health may be somebody's illness."""


def _counts(names: Sequence[str]) -> Callable[[Facts, World, Instant], Measured]:
    own = frozenset(names)

    def measure(facts: Facts, world: World, at: Instant) -> Measured:
        found = sorted((-count, name) for name, count in facts.content.shares.items() if name in own)
        ranked = {name: -count for count, name in found}
        return {"件数": sum(ranked.values()), "分布": ranked}

    return measure


def _topics(facts: Facts, world: World, at: Instant) -> Measured:
    """Also by whom the items were given their topics; the others brought theirs with them."""
    counted = _counts(sorted(TOPICS))(facts, world, at)
    return {**counted, "来源": {topic: _sources(topic, facts.content.shares) for topic in counted["分布"]}}


def _sources(topic: str, shares: Mapping[str, int]) -> Mapping[str, int]:
    told = {by: shares.get(sourced(topic, by), 0) for by in (BY_WORDS, BY_MODEL, BY_PERSON)}
    every = {**told, "自带": shares[topic] - sum(told.values())}
    return {by: count for by, count in every.items() if count}


def _topic_tags(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    """With ≥ 10 topical items a topic of ≥ 60 % stands alone as 「…控」; in every other case each topic of ≥ 20 %."""
    bars, total = rules.content, measured["件数"]
    shares = {topic: count / total for topic, count in measured["分布"].items()}
    strong = [topic for topic, share in shares.items() if share >= bars.strong_share and topic not in NEVER_STRONG]
    if strong and total >= bars.strong_items:
        yield Tag(TOPIC_PATH, strong[0] + "控", shares[strong[0]])
        return
    for topic, share in shares.items():
        if share >= bars.topic_share:
            yield Tag(TOPIC_PATH, topic, share)


def _form_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    """Items whose form is known count; a tie names none."""
    found, share = _leader(measured, rules.content.form_items, rules.content.form_share)
    if found is not None:
        yield Tag(FORM_PATH, found, share)


def _period_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    """One part of the day with half of the items, else 全天."""
    bars = rules.content
    found, share = _leader(measured, bars.period_items, bars.period_share)
    if found is not None:
        yield Tag(PERIOD_PATH, found, share)
    elif measured["件数"] >= bars.period_items:
        yield Tag(PERIOD_PATH, "全天")


def _leader(measured: Measured, items: int, bar: float) -> tuple[str | None, float]:
    """The name with a share of at least `bar` and more than any other, and its share."""
    total, ranked = measured["件数"], list(measured["分布"].items())
    if total < items or not ranked:
        return None, 0.0
    name, count = ranked[0]
    tied = len(ranked) > 1 and ranked[1][1] == count
    return (None, 0.0) if tied or count / total < bar else (name, count / total)


def _topic_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.content
    strong = f"≥ {bars.strong_share:.0%} 且题材内容 ≥ {bars.strong_items} 件（健康除外）"
    return {"天数": bars.days, "控": strong, "题材": f"≥ {bars.topic_share:.0%}"}


def _form_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.content
    return {"天数": bars.days, "件数": f"≥ {bars.form_items}", "占比": f"≥ {bars.form_share:.0%}，并列则无"}


def _period_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.content
    return {"天数": bars.days, "件数": f"≥ {bars.period_items}", "占比": f"≥ {bars.period_share:.0%}，并列或不足为全天"}


def _rule(
    name: str,
    path: str,
    measure: Callable[[Facts, World, Instant], Measured],
    decide: Callable[[Measured, RuleSet], Iterator[Tag]],
    bars: Callable[[RuleSet], Mapping[str, Any]],
) -> Rule:
    return Rule(
        name,
        (path,),
        measure,
        decide,
        "每日评定时 90 天内的占比或件数低于门槛",
        daily=CONTENT,
        bars=bars,
        purpose="behaviour",
        concerns=lambda facts: bool(facts.content.shares),
        reads=frozenset({"content"}),
    )


RULES = (
    _rule("content_topic", TOPIC_PATH, _topics, _topic_tags, _topic_bars),
    _rule("content_form", FORM_PATH, _counts(FORMS), _form_tag, _form_bars),
    _rule("content_period", PERIOD_PATH, _counts(PERIODS), _period_tag, _period_bars),
)
