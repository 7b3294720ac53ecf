"""Stage moves during a fold: placing a member at the start, moving on, and the plans and flags that follow."""

from __future__ import annotations

from typing import Any

from bot.core import lifecycle
from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.holding import evaluate_for
from bot.core.instants import DAY, Instant, iso
from bot.core.journal import Flag, Journal, Plan, StageMove
from bot.core.lifecycle import DECLINING, DORMANT, GROWING, INTRO, LOST, MATURE, QUIET, Situation
from bot.core.ruleset import LifecycleRules
from bot.core.world import World

ENTRY_PLANS = {GROWING: "growth", MATURE: "level_opening", DECLINING: "recall", LOST: "reactivation"}
"""Entering the stage plans this message."""


def local_date(at: Instant, world: World) -> str:
    return (iso(at, world.zone) or "")[:10]


def place_newcomer(facts: Facts, entry: Entry, world: World, journal: Journal) -> None:
    """A join begins 引入期; who was there before the bot begins in 沉默期 and is no newcomer."""
    facts.stage = QUIET if facts.inferred else INTRO
    facts.stage_since = entry.at
    evaluate_for(facts, "stage", world, entry.at, journal)
    if not facts.inferred and not facts.exempt:
        journal.flags.append(Flag(entry.at, "new"))
        key = f"welcome:{facts.member}@{entry.group}:{local_date(entry.at, world)}"
        journal.plans.append(Plan(entry.at, "welcome", facts.member, key, entry.group))


def advance_stage(facts: Facts, world: World, at: Instant, journal: Journal, interaction: bool) -> None:
    """At most one move."""
    rules = world.version(at).rules.lifecycle
    now = Situation(facts, world, at, rules, interaction)
    to = lifecycle.next_stage(now, rules)
    if to is None:
        return
    because = _reasons(now, rules)
    journal.moves.append(StageMove(at, now.stage, to, because))
    facts.returned = lifecycle.returns(now)
    facts.stage, facts.stage_since, facts.stage_changed = to, at, at
    _follow(facts, to, world, at, journal)
    evaluate_for(facts, "stage", world, at, journal)


def _follow(facts: Facts, to: str, world: World, at: Instant, journal: Journal) -> None:
    """Who is exempt is neither flagged nor messaged; who left all groups is not messaged."""
    if to in DORMANT and not facts.exempt:
        journal.flags.append(Flag(at, "dormant", to))
    kind = ENTRY_PLANS.get(to)
    if kind is not None and not facts.exempt and not facts.left_all:
        key = f"{kind}:{facts.member}:{local_date(at, world)}"
        journal.plans.append(Plan(at, kind, facts.member, key, detail={"stage": to}))


def _reasons(now: Situation, rules: LifecycleRules) -> dict[str, Any]:
    reasons: dict[str, Any] = {
        "此前阶段": now.stage,
        "周均有效发言": round(now.weekly, 3),
        "沉默天数": round(now.silence, 3),
        "未退购买次数": now.purchases,
    }
    if now.since_purchase is not None:
        reasons["距上次购买天数"] = round(now.since_purchase, 3)
    if lifecycle.returns(now):
        reasons["回流"] = True
    return reasons


def plan_gift(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Nothing said within 3 days of joining: one newcomer gift, planned at the first evaluation after them."""
    if facts.gift_planned or facts.inferred or facts.joined_at is None:
        return
    over = facts.joined_at + int(world.version(at).rules.lifecycle.gift_after_days * DAY)
    if at < over:
        return
    facts.gift_planned = True
    silent = facts.first_said is None or facts.first_said >= over
    if silent and not facts.exempt and not facts.left_all:
        plan = Plan(at, "newcomer_gift", facts.member, f"newcomer_gift:{facts.member}", facts.join_group or None)
        journal.plans.append(plan)
