"""Dimension 7, 特殊身份: several values of one path may hold at once (RULEBOOK §7)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.facts import Facts
from bot.core.instants import DAY, HOUR, Instant, iso
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

IDENTITY_PATH = "特殊身份/身份"
ADMIN = "管理员"
STATES = {"watched": "观察中", "restricted": "受限", "appealed": "申诉中"}
VERDICTS = {"ad": "广告", "flood": "刷屏"}


def _newcomer(facts: Facts, world: World, at: Instant) -> Measured:
    hours = world.version(at).rules.identity.newcomer_hours
    if facts.inferred or facts.joined_at is None:
        return {"入群时间": iso(facts.joined_at, world.zone), "推断入群": facts.inferred}
    until = facts.joined_at + int(hours * HOUR)
    return {"入群时间": iso(facts.joined_at, world.zone), "_until": until, "_now": at}


def _newcomer_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured.get("_until", 0) > measured.get("_now", 0):
        yield Tag(IDENTITY_PATH, "新用户", expires_at=measured["_until"])


def _newcomer_bars(rules: RuleSet) -> Mapping[str, Any]:
    return {"入群后小时数": rules.identity.newcomer_hours}


def _admin(facts: Facts, world: World, at: Instant) -> Measured:
    term = facts.terms.get(ADMIN)
    if term is None:
        return {"任命": "没有"}
    days = world.version(at).rules.identity.probation_days
    probation = "试用期内" if at - term.at < days * DAY else "已过试用期"
    return {"任命": iso(term.at, world.zone), "任命人": term.by, "试用": probation, "_until": term.until, "_now": at}


def _admin_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured.get("_until") is not None and measured["_until"] > measured["_now"]:
        yield Tag(IDENTITY_PATH, ADMIN, expires_at=measured["_until"])


def _disputed(facts: Facts, world: World, at: Instant) -> Measured:
    standing = facts.standing
    if not standing.open:
        return {"命中": 0, "说明": "没有未了结的刷屏或广告"}
    return {
        "命中": standing.hits,
        "最近一次": iso(standing.last_hit, world.zone),
        "判定": VERDICTS.get(standing.verdict, standing.verdict),
        "检查": standing.checks,
        "状态": STATES[standing.state],
        "警告送达": iso(standing.warned_at, world.zone),
        "重新立案": standing.reopened,
        "_open": True,
    }


def _disputed_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if measured.get("_open"):
        yield Tag(IDENTITY_PATH, "争议用户")


def _disputed_bars(rules: RuleSet) -> Mapping[str, Any]:
    flood = rules.repetition
    return {
        "刷屏条数": f"> {flood.flood_messages} 条/{flood.flood_seconds:g} 秒",
        "近似重复": f"≥ {flood.repeat_count} 条/{flood.repeat_minutes:g} 分钟",
        "警告后再犯天数": rules.standing.restrict_within_days,
    }


RULES = (
    Rule(
        "newcomer",
        (IDENTITY_PATH,),
        _newcomer,
        _newcomer_tag,
        "入群满 72 小时",
        on=frozenset({"join"}),
        bars=_newcomer_bars,
        concerns=lambda facts: not facts.inferred,
        reads=frozenset({"identity"}),
    ),
    Rule(
        "admin_term",
        (IDENTITY_PATH,),
        _admin,
        _admin_tag,
        "任期届满或撤销",
        on=frozenset({"grant", "revoke", "settle"}),
        concerns=lambda facts: ADMIN in facts.terms,
        reads=frozenset(),
    ),
    Rule(
        "disputed",
        (IDENTITY_PATH,),
        _disputed,
        _disputed_tag,
        "管理员解除或移出",
        on=frozenset({"hit", "delivered", "clear", "remove", "appeal"}),
        bars=_disputed_bars,
        concerns=lambda facts: facts.standing.open,
        reads=frozenset(),
    ),
)
