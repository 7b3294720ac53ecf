"""The facts that custom tags and campaigns may name in their expressions, and what consent each rests on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core.acts import WORD_DAYS
from bot.core.custom_tags import OWNER, CustomTag
from bot.core.event_fields import TOPICS
from bot.core.facts import Facts
from bot.core.instants import DAY, Instant
from bot.core.lifecycle import STAGES, silence
from bot.core.world import World


@dataclass(frozen=True, slots=True)
class Variable:
    """A fact that expressions may name. samples: values it may take, which expressions are tried on when read."""

    words: str
    measure: Callable[[Facts, World, Instant], Any]
    samples: tuple[Any, ...]
    purpose: str | None = None
    moves: bool = False


def _said(days: int) -> Callable[[Facts, World, Instant], int]:
    return lambda facts, world, at: facts.speech.count(at - days * DAY, at)


def _days_since(at: Instant, since: Instant | None) -> float:
    return -1.0 if since is None else round((at - since) / DAY, 1)


def _attribute(name: str) -> Callable[[Facts, World, Instant], str]:
    return lambda facts, world, at: facts.attributes[name].value if name in facts.attributes else ""


def _last_order(facts: Facts, world: World, at: Instant) -> float:
    return _days_since(at, facts.paid[-1].at if facts.paid else None)


def _topics(facts: Facts, world: World, at: Instant) -> dict[str, int]:
    return {name: count for name, count in facts.content.shares.items() if name in TOPICS}


def _words(facts: Facts, world: World, at: Instant) -> dict[str, int]:
    counts = {word: sum(used > at - WORD_DAYS * DAY for used in when) for word, when in facts.words.items()}
    return {word: count for word, count in counts.items() if count}


def _tags(facts: Facts, world: World, at: Instant) -> list[str]:
    """Without custom tags, so that no custom tag hangs on the order in which they stand in the file."""
    return sorted(f"{path}={value}" for (path, value), held in facts.tags.items() if not held.rule.startswith(OWNER))


_COUNTS = (0, 1, 3, 20, 1000)
_SPANS = (-1.0, 0.0, 2.5, 30.0, 400.0)

VARIABLES: Mapping[str, Variable] = {
    "said_7d": Variable("近 7 天有效发言（条）", _said(7), _COUNTS, "behaviour", True),
    "said_30d": Variable("近 30 天有效发言（条）", _said(30), _COUNTS, "behaviour", True),
    "activity": Variable("活跃指数", lambda f, w, at: round(f.level_index, 3), _SPANS[1:], "behaviour"),
    "score": Variable(
        "成员分（0–100，未知为 0）", lambda f, w, at: round(f.layer_score or 0.0, 1), _SPANS[1:], "behaviour"
    ),
    "checkins_30d": Variable(
        "近 30 天签到（次）",
        lambda f, w, at: sum(one > at - 30 * DAY for one in f.checkins),
        _COUNTS,
        "behaviour",
        True,
    ),
    "clicks_30d": Variable(
        "近 30 天点击（次）",
        lambda f, w, at: sum(one > at - 30 * DAY for one, _ in f.clicks),
        _COUNTS,
        "behaviour",
        True,
    ),
    "topics": Variable("近 90 天各题材的件数（题材 → 件）", _topics, ({}, {"科技": 3, "美食": 12}), "behaviour"),
    "words": Variable(
        f"近 {WORD_DAYS} 天用过各个采纳词的消息（词 → 条）", _words, ({}, {"露营": 1, "飞盘": 40}), "behaviour", True
    ),
    "stage": Variable("生命周期阶段", lambda f, w, at: f.stage or "", ("", *STAGES)),
    "stage_days": Variable("在本阶段的天数", lambda f, w, at: _days_since(at, f.stage_since), _SPANS, None, True),
    "silence_days": Variable("沉默天数", lambda f, w, at: round(silence(f, w, at), 1), _SPANS[1:], None, True),
    "joined_days": Variable("入群天数", lambda f, w, at: _days_since(at, f.joined_at), _SPANS, None, True),
    "groups": Variable("所在的群（个）", lambda f, w, at: sum(f.groups.values()), _COUNTS),
    "friend": Variable("是不是账号的好友", lambda f, w, at: f.friend, (False, True)),
    "channel": Variable("入群渠道（没有为空）", lambda f, w, at: f.channel or "", ("", "扫码"), "behaviour"),
    "followers": Variable("登记的粉丝数（没有为 0）", lambda f, w, at: f.followers or 0, _COUNTS),
    "age": Variable("年龄段（没有为空）", _attribute("age"), ("", "25-34岁"), "profile"),
    "gender": Variable("性别（没有为空）", _attribute("gender"), ("", "女"), "profile"),
    "region": Variable("地域（没有为空）", _attribute("region"), ("", "一线城市-北京"), "profile"),
    "occupation": Variable("职业（没有为空）", _attribute("occupation"), ("", "教育"), "profile"),
    "orders": Variable("未退订单（单）", lambda f, w, at: len(f.paid), _COUNTS, "spending"),
    "spent_yuan": Variable(
        "未退订单总额（元）", lambda f, w, at: sum(one.fen for one in f.paid) / 100, _SPANS[1:], "spending"
    ),
    "last_order_days": Variable("距上次未退订单的天数（没有为 -1）", _last_order, _SPANS, "spending", True),
    "tags": Variable("现有标签，写成「路径=值」", _tags, ([], ["生命周期/阶段=成长期", "特殊身份/身份=新用户"])),
}
"""By the name that expressions use."""


def permitted(tag: CustomTag, facts: Facts) -> bool:
    """Whether every ground of a custom tag stands: what may be refused was not, what needs a consent has one."""
    return all(any(_stands(purpose, facts) for purpose in row) for row in tag.grounds)


def _stands(purpose: str, facts: Facts) -> bool:
    if purpose in ("behaviour", "spending"):
        return not facts.barred(purpose)
    return facts.agreed(purpose)


def measured(tag: CustomTag, facts: Facts, world: World, at: Instant) -> dict[str, Any]:
    """The facts a custom tag looks at, by the names its expression uses."""
    return {name: VARIABLES[name].measure(facts, world, at) for name in tag.names}
