"""Dimension 7, 特殊身份: an admin's backup while he stands in (RULEBOOK §7). When he does is in bot.core.backup."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.backup import begins
from bot.core.facts import Facts
from bot.core.instants import Instant, iso
from bot.core.rules.identity import IDENTITY_PATH
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World

BACKUP = "备用管理员"


def _backup(facts: Facts, world: World, at: Instant) -> Measured:
    """Of several admins stood in for, the one whose term lasts longest."""
    rules = world.version(at).rules.identity
    named = {admin: cover for admin, cover in facts.covers.items() if cover.since is not None and cover.until > at}
    if not named:
        return {"任命": "没有"}
    starts = {admin: begins(cover, world, rules) for admin, cover in named.items()}
    active = [admin for admin, start in starts.items() if start is not None and start <= at]
    admin = max(active or named, key=lambda one: (named[one].until, one))
    measured = {
        "管理员": admin,
        "管理员最近发言或任命": iso(named[admin].heard, world.zone),
        "接手时间": iso(starts[admin], world.zone),
    }
    return {**measured, "_until": named[admin].until} if active else measured


def _backup_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_until" in measured:
        yield Tag(IDENTITY_PATH, BACKUP, expires_at=measured["_until"])


def _backup_bars(rules: RuleSet) -> Mapping[str, Any]:
    return {"管理员没说话的小时数": rules.identity.backup_silence_hours}


RULES = (
    Rule(
        "backup",
        (IDENTITY_PATH,),
        _backup,
        _backup_tag,
        "管理员再次发言，或其任期届满、被撤销、另换备用",
        on=frozenset({"primary", "settle"}),
        bars=_backup_bars,
        concerns=lambda facts: bool(facts.covers),
        reads=frozenset({"identity"}),
    ),
)
