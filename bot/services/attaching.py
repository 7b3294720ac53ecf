"""Attachments in the outbox: a row of its own behind the message it goes with, sent only where that one was sent."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.core.attachments import KINDS
from bot.core.instants import MINUTE, SECOND, Instant
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.outreach import Speaking

NAME, AFTER = "attachment", "after"
"""Keys in a row's cause: what goes with a message, and, in the attachment's own row, the message's dedupe key."""
_STILL_TO_GO, _UNSAID = ("queued", "awaiting", "sending"), ("withheld", "expired")


def behind(row: OutboxRow, speaking: Speaking) -> list[OutboxRow]:
    """The row of what a message brings along, if any."""
    name = _brought(row, speaking)
    attachment = speaking.attachments.get(name) if name is not None and row.status == "queued" else None
    if attachment is None:
        return []
    return [
        row._replace(
            dedupe_key=f"{row.dedupe_key}:{NAME}:{attachment.name}",
            kind=attachment.kind,
            text=speaking.text(f"attachment.{attachment.kind}", name=attachment.name),
            mentions=(),
            # A group's picture is nobody's: it stays when the one who came first is forgotten.
            member=row.member if row.to_kind == "direct" else None,
            cause={NAME: attachment.name, AFTER: row.dedupe_key},
        )
    ]


def _brought(row: OutboxRow, speaking: Speaking) -> str | None:
    return speaking.attachments.welcome if row.kind == "welcome" else row.cause.get(NAME)


def is_attachment(row: OutboxRow) -> bool:
    return row.kind in KINDS


def about(uow: UnitOfWork, row: OutboxRow) -> OutboxRow | None:
    """The message whose reasons a row has: an attachment those of the message that it goes with, if that is still
    planned; any other its own.
    """
    return uow.outbox.by_key(row.cause[AFTER]) if is_attachment(row) else row


def may_yet_go(leader: OutboxRow) -> bool:
    """Whether the message that an attachment goes with may still be sent."""
    return leader.status in _STILL_TO_GO


def end_with(leader: OutboxRow) -> str | None:
    """How an attachment ends whose message will not be sent; None where it was, or may be."""
    if leader.status == "sent" or may_yet_go(leader):
        return None
    return leader.status if leader.status in _UNSAID else "cancelled"


def look_again(leader: OutboxRow, now: Instant) -> Instant:
    """When to look again whether the message has gone."""
    if leader.not_before > now:
        return leader.not_before
    return now + (MINUTE if leader.status == "awaiting" else SECOND)
