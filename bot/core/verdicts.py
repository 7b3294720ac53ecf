"""A message judged ad or flood: the ladder moves, and what follows is planned."""

from __future__ import annotations

from bot.core import standing
from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.instants import iso
from bot.core.journal import Flag, Journal, Plan
from bot.core.world import World


def take_hit(facts: Facts, entry: Entry, world: World, journal: Journal) -> None:
    """Staff and bots that are exempt are never flagged."""
    if facts.exempt:
        return
    rules = world.version(entry.at).rules
    newcomer = facts.is_newcomer(entry.at, rules.identity.newcomer_hours)
    checks = list(entry.body.get("checks", ()))
    outcome = standing.hit(facts.standing, entry.at, entry.verdict, checks, newcomer, rules.standing)
    if outcome.opened:
        journal.flags.append(Flag(entry.at, "disruptive", entry.verdict))
    if outcome.warn:
        _warn(facts, entry, world, journal)
    if outcome.restricted:
        _plan(facts, entry, "restricted", journal)
    if outcome.review:
        _plan(facts, entry, "review", journal)


def _warn(facts: Facts, entry: Entry, world: World, journal: Journal) -> None:
    """One warning a day at most: a burst of hits is one matter."""
    key = f"warning:{entry.origin or facts.member}:{(iso(entry.at, world.zone) or '')[:10]}"
    if key not in facts.standing.warnings:
        facts.standing.warnings.append(key)
        plan = Plan(entry.at, "warning", facts.member, key, entry.group, {"verdict": entry.verdict})
        journal.plans.append(plan)


def _plan(facts: Facts, entry: Entry, kind: str, journal: Journal) -> None:
    key = f"{kind}:{facts.member}:{entry.id}"
    journal.plans.append(Plan(entry.at, kind, facts.member, key, entry.group, {"verdict": entry.verdict}))
