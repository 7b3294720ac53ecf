"""The backup of an admin (AB角, RULEBOOK §7), as the backup's own fold follows the admin.

What the admin does comes in as entries of type `primary`: `did` is "named" (an appointment that names this backup),
"ended" (a revocation, or an appointment without him), "spoke", or "met" (seen in a group). From 72 h, less deaf time,
after the later of appointment and last message the backup stands in, until the next message or the end of the term.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.entry import Entry
from bot.core.facts import UNKNOWN, Facts
from bot.core.instants import HOUR, MONTH, Instant, iso
from bot.core.journal import Journal, Plan
from bot.core.particulars import Cover
from bot.core.ruleset_people import IdentityRules
from bot.core.world import World


def hear(facts: Facts, entry: Entry, world: World, journal: Journal) -> None:
    """Take one deed of the admin in."""
    cover = facts.covers.setdefault(entry.body["of"], Cover())
    if entry.group is not None:
        cover.groups.setdefault(entry.group, entry.at)
    if entry.body["did"] == "met":
        return
    _hand_back(facts, entry.body["of"], cover, world, entry.at, journal)
    cover.heard, facts.due = entry.at, UNKNOWN
    if entry.body["did"] == "ended":
        cover.since = None
    elif entry.body["did"] == "named":
        months = entry.body.get("months", world.version(entry.at).rules.identity.term_months)
        cover.since, cover.until = entry.at, entry.at + months * MONTH


def begins(cover: Cover, world: World, rules: IdentityRules) -> Instant | None:
    """When the backup stands in if nothing is heard of the admin any more; None when never within the term."""
    if cover.since is None:
        return None
    silence = int(rules.backup_silence_hours * HOUR)
    at, before = cover.heard + silence, cover.heard
    while at != before and at < cover.until:
        before, at = at, cover.heard + silence + world.deaf_time(cover.heard, at, cover.groups)
    return at if at < cover.until else None


def dues(facts: Facts, world: World) -> Iterator[Instant]:
    """The instants at which a hand-over is due; under a shorter span of a new rule set it is due right after that."""
    turn = world.of_turn(facts.turn)
    for cover in facts.covers.values():
        if cover.active:
            yield cover.until
        elif (at := begins(cover, world, turn.rules.identity)) is not None:
            yield max(at, turn.active_from + 1)


def fall_due(facts: Facts, world: World, at: Instant, journal: Journal) -> bool:
    """Hand over, or end with the term, where that is due at `at`. Whether anything changed."""
    changed = False
    rules = world.version(at).rules.identity
    for admin, cover in facts.covers.items():
        begin = begins(cover, world, rules)
        if cover.active and at >= cover.until:
            _hand_back(facts, admin, cover, world, at, journal)
            cover.since, changed = None, True
        elif not cover.active and begin is not None and begin <= at:
            cover.active = changed = True
            _tell(facts, admin, "backup_begun", world, at, journal)
    return changed


def _hand_back(facts: Facts, admin: str, cover: Cover, world: World, at: Instant, journal: Journal) -> None:
    if cover.active:
        cover.active = False
        _tell(facts, admin, "backup_over", world, at, journal)


def _tell(facts: Facts, admin: str, kind: str, world: World, at: Instant, journal: Journal) -> None:
    """Both are told."""
    key = f"{kind}:{admin}:{facts.member}:{(iso(at, world.zone) or '')[:10]}"
    for side, member, other in (("backup", facts.member, admin), ("primary", admin, facts.member)):
        journal.plans.append(Plan(at, kind, member, f"{key}:{side}", detail={"side": side, "other": other}))
