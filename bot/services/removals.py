"""移出: a restricted member is put out of his groups once people have decided so (RULEBOOK §7).

A decision is a confirmation. Where there is a second admin it is an `ASKED` one and waits for his word; else it is
`DECIDED` at once and carried out after ten minutes in which it can be undone.
"""

from __future__ import annotations

from collections.abc import Collection

from bot.core.facts import Facts
from bot.core.instants import DAY, MINUTE, Instant
from bot.core.world import World
from bot.services import admins, backups, roles, tagging
from storage.rows import ConfirmationRow
from storage.unit_of_work import UnitOfWork

ASKED, DECIDED = "removal_asked", "removal"
TIME_TO_AGREE, TIME_TO_UNDO = 1 * DAY, 10 * MINUTE
KEPT = 1 * DAY
"""How long a decision is still carried out when the account was not there at its time."""


def may_be_removed(facts: Facts) -> bool:
    """Only who was restricted, also if an appeal lifted that meanwhile: a warning alone removes nobody."""
    return facts.standing.state in ("restricted", "appealed")


def others(uow: UnitOfWork, actor: str, subject: str, at: Instant) -> set[str]:
    """Everybody else with an admin's rights; the person concerned is no judge."""
    holders = {row.member for role in (roles.ADMIN, roles.DIRECTOR) for row in uow.roles.holders(role, at)}
    return (holders | backups.active(uow, at)) - {actor, subject}


def ask(uow: UnitOfWork, actor: str, subject: str, now: Instant) -> int:
    """Ask for a second admin's word. Returns the number of the question."""
    payload = {"member": subject}
    return uow.confirmations.add(ConfirmationRow(ASKED, actor, payload, now, now + TIME_TO_AGREE))


def decide(uow: UnitOfWork, actors: list[str], subject: str, now: Instant, due: Instant) -> int:
    """Decide; carried out at `due`."""
    payload = {"member": subject, "due": due, "by": actors}
    return uow.confirmations.add(ConfirmationRow(DECIDED, actors[0], payload, now, due + KEPT))


def awaiting(uow: UnitOfWork, actor: str, now: Instant) -> list[ConfirmationRow]:
    """The questions that `actor` may answer with his word."""
    return [row for row in uow.confirmations.waiting((ASKED,)) if _may_answer(row, actor, now)]


def _may_answer(row: ConfirmationRow, actor: str, now: Instant) -> bool:
    return row.expires_at > now and actor not in (row.actor, row.payload["member"])


def agree(uow: UnitOfWork, number: int, actor: str, now: Instant) -> ConfirmationRow | None:
    """A second admin's word; None when there is no such question, or it is his own or about himself."""
    row = uow.confirmations.get(number)
    if row is None or row.kind != ASKED or not _may_answer(row, actor, now):
        return None
    if not roles.may(uow, row.actor, now, roles.ADMIN) or not uow.confirmations.settle(number, "done"):
        return None
    decide(uow, [row.actor, actor], str(row.payload["member"]), now, now)
    return row


def pending(uow: UnitOfWork, subject: str, now: Instant) -> list[ConfirmationRow]:
    """What is asked or decided about somebody, not done yet and not too old."""
    waiting = uow.confirmations.waiting((ASKED, DECIDED))
    return [row for row in waiting if row.payload["member"] == subject and row.expires_at > now]


def undo(uow: UnitOfWork, subject: str, now: Instant) -> bool:
    """Take back what is pending; whether there was anything."""
    return sum(uow.confirmations.settle(row.id, "cancelled") for row in pending(uow, subject, now)) > 0


def next_due(uow: UnitOfWork) -> Instant | None:
    """When the next decision is to be carried out."""
    return min((row.payload["due"] for row in uow.confirmations.waiting((DECIDED,))), default=None)


def take_due(
    uow: UnitOfWork, world: World, now: Instant, theirs: Collection[str] = ()
) -> list[tuple[ConfirmationRow, list[str]]]:
    """The decisions to carry out now, each once, with the groups the member is in; what no longer holds is dropped.

    theirs: groups in which another account has to do it; what is left to it is a decision of its own.
    """
    found = []
    for row in uow.confirmations.waiting((DECIDED,)):
        if row.payload["due"] > now:
            continue
        holds = row.expires_at > now and _still_holds(uow, row, world, now)
        groups = _groups(uow, row)
        mine = [group for group in groups if group not in theirs]
        if holds and groups and not mine:
            continue
        if uow.confirmations.settle(row.id, "done" if holds else "cancelled") and holds:
            _leave_to_others(uow, row, [group for group in groups if group in theirs])
            found.append((row, mine))
    return found


def _still_holds(uow: UnitOfWork, row: ConfirmationRow, world: World, now: Instant) -> bool:
    """A part that another account has begun is carried on with: the beginning itself ends the dispute."""
    member = str(row.payload["member"])
    return "groups" in row.payload or may_be_removed(tagging.look(uow, [member], world, now)[member])


def _groups(uow: UnitOfWork, row: ConfirmationRow) -> list[str]:
    here = [one.group_id for one in uow.groups.of_member(str(row.payload["member"])) if one.present]
    left = row.payload.get("groups")
    return here if left is None else [group for group in here if group in left]


def _leave_to_others(uow: UnitOfWork, row: ConfirmationRow, groups: list[str]) -> None:
    if groups:
        uow.confirmations.add(row._replace(id=0, payload={**row.payload, "groups": groups}))


def tell(uow: UnitOfWork, row: ConfirmationRow, text: str, now: Instant) -> None:
    """A word to those who decided, directly."""
    reachable = set(admins.in_charge(uow, now))
    for actor in row.payload["by"]:
        if actor in reachable:
            key = f"removal:{row.id}:{actor}"
            uow.outbox.add([admins.notice(key, DECIDED, actor, text, now, str(row.payload["member"]))])
