"""Dimension 7, 特殊身份: KOL and KOC (RULEBOOK §7). Entry, review and demotion are in bot.core.influence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from bot.core.facts import Facts
from bot.core.influence import fine_messages
from bot.core.instants import Instant, iso
from bot.core.rules.identity import IDENTITY_PATH
from bot.core.rules.spec import Measured, Rule
from bot.core.ruleset import RuleSet
from bot.core.tags import Tag
from bot.core.world import World


def _influence(facts: Facts, world: World, at: Instant) -> Measured:
    fine = fine_messages(facts, world, at, world.version(at).rules.identity)
    measured: dict[str, Any] = {"粉丝数": facts.followers, "近30天优质发言": len(fine)}
    held = facts.influence
    if held is not None and held.ends_at > at:
        measured |= {"认定": iso(held.since, world.zone), "年审": iso(held.until, world.zone)}
        measured |= {"_rank": held.rank, "_until": held.ends_at}
    return measured


def _influence_tag(measured: Measured, rules: RuleSet) -> Iterator[Tag]:
    if "_rank" in measured:
        yield Tag(IDENTITY_PATH, measured["_rank"], expires_at=measured["_until"])


def _influence_bars(rules: RuleSet) -> Mapping[str, Any]:
    bars = rules.identity
    return {
        "粉丝数": f"KOL ≥ {bars.kol_followers}，KOC ≥ {bars.koc_followers}（只在认定与年审时看）",
        "近30天优质发言": f"≥ {bars.review_messages} 条（质量 ≥ {bars.review_quality:g}）",
        "降级": f"连续 {bars.idle_months} 个自然月没有优质发言",
    }


RULES = (
    Rule(
        "influence",
        (IDENTITY_PATH,),
        _influence,
        _influence_tag,
        "年审未通过，或连续 3 个自然月没有优质发言",
        on=frozenset({"influence"}),
        bars=_influence_bars,
        concerns=lambda facts: facts.followers is not None,
        reads=frozenset({"identity"}),
    ),
)
