"""What happens to a member at an instant of its own, without an event: the end of a tag, a reminder, a hand-over."""

from __future__ import annotations

from bot.core import backup, influence
from bot.core.facts import UNKNOWN, Facts
from bot.core.holding import evaluate_for, expire, next_expiry
from bot.core.instants import Instant, iso
from bot.core.journal import Journal, Plan
from bot.core.particulars import Influence, Term
from bot.core.world import World

ADMIN = "管理员"


def next_due(facts: Facts, world: World) -> Instant | None:
    """The next such instant. It is remembered until a tag, a term, an influence or a cover changes."""
    if facts.due == UNKNOWN:
        instants = [next_expiry(facts)]
        if ADMIN in facts.terms:
            instants.append(facts.terms[ADMIN].remind_at)
        if facts.influence is not None:
            instants += [facts.influence.remind_at, facts.influence.ends_at]
        if facts.covers:
            instants += backup.dues(facts, world)
        facts.due = min((at for at in instants if at is not None), default=None)
    return facts.due


def fall_due(facts: Facts, world: World, at: Instant, journal: Journal) -> None:
    """Do all that is due at `at`: reminders, then the yearly review, hand-overs, then the end of tags."""
    facts.due, facts.stirred = UNKNOWN, True
    _remind(facts, "term_reminder", facts.terms.get(ADMIN), world, at, journal)
    _remind(facts, "review_reminder", facts.influence, world, at, journal)
    if facts.influence is not None and influence.review(facts, "due", world, at):
        evaluate_for(facts, "influence", world, at, journal)
    if facts.covers and backup.fall_due(facts, world, at, journal):
        evaluate_for(facts, "primary", world, at, journal)
    expire(facts, world, at, journal)


def _remind(facts: Facts, kind: str, of: Term | Influence | None, world: World, at: Instant, journal: Journal) -> None:
    """Plan the announcement of an end, once; who is exempt or gone is not written to."""
    if of is None or of.remind_at is None or of.remind_at > at:
        return
    of.remind_at = None
    if not facts.exempt and not facts.left_all:
        ends = iso(of.until, world.zone) or ""
        journal.plans.append(Plan(at, kind, facts.member, f"{kind}:{facts.member}:{ends[:10]}", detail={"until": ends}))
