"""What the people in charge are told: reviews and terms, in their direct chats, never in a group."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.instants import DAY, Instant
from bot.core.journal import Plan
from bot.services import backups
from bot.services.audience import Audience
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.outreach import Speaking

IN_CHARGE = ("运营总监", "管理员")
KEPT = 7 * DAY
HANDOVERS = ("backup_begun", "backup_over")
TOLD = (
    "review",
    "restricted",
    "term_reminder",
    "review_reminder",
    "appeal",
    "batch",
    "throttle",
    "new_ids",
    "removal_asked",
    "removal",
    *HANDOVERS,
    "relink",
)
"""Kinds of rows to people in charge; in assist mode they need nobody's word."""


def in_charge(uow: UnitOfWork, at: Instant) -> list[str]:
    """Directors, admins and active backups who can be reached directly, each once."""
    holders = {row.member for role in IN_CHARGE for row in uow.roles.holders(role, at)} | backups.active(uow, at)
    known = uow.members.get_many(holders)
    return sorted(member for member in holders if member in known and known[member].is_friend)


def notices(uow: UnitOfWork, one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    """One row for each person in charge; the end of a term is told to its holder too."""
    receivers = set(in_charge(uow, speaking.as_of))
    if one.kind.endswith("_reminder") and whom.friend:
        receivers.add(one.member)
    until = str(one.detail.get("until", ""))[:10]
    text = speaking.text(f"notice.{one.kind}", name=whom.name or one.member, until=until)
    return [
        notice(f"{one.dedupe_key}:{receiver}", one.kind, receiver, text, speaking.now, one.member)
        for receiver in sorted(receivers)
    ]


def handover(uow: UnitOfWork, one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    """The word to one of the two that the backup takes over, or that the admin is back (RULEBOOK §7)."""
    if not whom.friend:
        return []
    other = uow.members.get(str(one.detail["other"]))
    name = "" if other is None else other.name or other.member
    text = speaking.text(f"notice.{one.kind}_{one.detail['side']}", name=name)
    return [notice(one.dedupe_key, one.kind, one.member, text, speaking.now, one.member)]


def notice(key: str, kind: str, receiver: str, text: str, now: Instant, about: str | None = None) -> OutboxRow:
    """A row to one person in charge. `about`: the member named in it, with whose data it is erased."""
    return OutboxRow(key, kind, "direct", receiver, text, now, now, about or receiver, expires_at=now + KEPT)
