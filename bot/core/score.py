"""Member score 0–100 and the layer it puts a member in (RULEBOOK §2)."""

from __future__ import annotations

from bot.core import activity
from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.ruleset import ActivityRules
from bot.core.spending import ability, spending
from bot.core.world import World

STANDING_PATH = "特殊身份/身份"
ESTEEMED = ("KOL", "KOC", "管理员")


def score(facts: Facts, world: World, at: Instant) -> float:
    """50·min(1, index ÷ 3) + 30·ability ÷ 100 + 20·(KOL, KOC or 管理员); without orders the rest is rescaled to 100."""
    rules = world.version(at).rules
    bars = rules.activity
    active = min(1.0, activity.index(facts, world, at, bars) / bars.high)
    parts = [(bars.score_activity, active), (bars.score_identity, float(_esteemed(facts)))]
    bought = None if "spending" in facts.refused else spending(facts, at)
    if bought is not None:
        parts.append((bars.score_ability, ability(bought, rules.spending) / 100))
    return 100 * sum(weight * part for weight, part in parts) / sum(weight for weight, _ in parts)


def _esteemed(facts: Facts) -> bool:
    return any(facts.holds(STANDING_PATH, value) for value in ESTEEMED)


def layer(value: float, rules: ActivityRules) -> str:
    """核心 from 60, 边缘 below 20, 普通 between."""
    if value >= rules.core_score:
        return "核心"
    return "边缘" if value < rules.fringe_score else "普通"
