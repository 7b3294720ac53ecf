"""Member score 0–100 and the layer it puts a member in (RULEBOOK §2)."""

from __future__ import annotations

from bot.core import activity
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.ruleset import ActivityRules, RuleSet
from bot.core.spending import ability, spending
from bot.core.world import World

STANDING_PATH = "特殊身份/身份"
ESTEEMED = ("KOL", "KOC", "管理员")


def score(facts: Facts, world: World, at: Instant, index: float | None = None) -> float | None:
    """50·min(1, index ÷ 3) + 30·ability ÷ 100 + 20·(KOL, KOC or 管理员); without orders the rest is rescaled to 100.

    None for a member who refused to be profiled by behaviour. `index` is the activity index at `at`, if it is known.
    """
    if facts.barred("behaviour"):
        return None
    rules = world.version(at).rules
    bars = rules.activity
    found = activity.index(facts, world, at, bars) if index is None else index
    parts = [(bars.score_activity, min(1.0, found / bars.high)), *_other_parts(facts, at, rules)]
    return 100 * sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)


def score_range(facts: Facts, world: World, at: Instant) -> tuple[float, float]:
    """Between which scores the activity index alone can move a member; equal for who has none."""
    if facts.barred("behaviour"):
        return 0.0, 0.0
    rules = world.version(at).rules
    parts, moving = _other_parts(facts, at, rules), rules.activity.score_activity
    total = moving + sum(weight for weight, _ in parts)
    standing = sum(weight * part for weight, part in parts)
    return 100 * standing / total, 100 * (standing + moving) / total


def _other_parts(facts: Facts, at: Instant, rules: RuleSet) -> list[tuple[float, float]]:
    """Weight and part of identity and, with orders, of ability."""
    bars = rules.activity
    parts = [(bars.score_identity, float(_esteemed(facts)))]
    bought = spending(facts, at) if facts.orders and not facts.barred("spending") else None
    if bought is not None:
        parts.append((bars.score_ability, ability(bought, rules.spending) / 100))
    return parts


def _esteemed(facts: Facts) -> bool:
    return any(facts.holds(STANDING_PATH, value) for value in ESTEEMED)


def layer(value: float, rules: ActivityRules) -> str:
    """核心 from 60, 边缘 below 20, 普通 between."""
    if value >= rules.core_score:
        return "核心"
    return "边缘" if value < rules.fringe_score else "普通"
