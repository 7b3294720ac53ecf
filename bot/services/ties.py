"""The social graph as it grows at the intake: invitations, mentions and replies (RULEBOOK §1 好友关联度).

A tie is kept for both sides and read by each one's own fold, so that it counts the same in any order of arrival. A
message that is taken back later has still been addressed to somebody; an advert or a command is addressed to nobody.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

from bot.core.instants import Instant
from storage.tie_rows import AwaitedReplyRow, TieRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.intake import Prepared

INVITE, MENTION, REPLY = "invite", "mention", "reply"
MOST_MENTIONS = 10
"""Who mentions more people than that speaks to the group."""


def note(uow: UnitOfWork, kept: Sequence[Prepared]) -> dict[str, Instant]:
    """Write the ties of newly recorded events down. Returns the earliest new tie by member."""
    rows = [row for prepared in kept for row in _told(prepared)]
    rows += _replies(uow, kept)
    uow.ties.add(side for row in rows for side in (row, row._replace(member=row.other, other=row.member)))
    earliest: dict[str, Instant] = {}
    for row in rows:
        for member in (row.member, row.other):
            earliest[member] = min(row.at, earliest.get(member, row.at))
    return earliest


def _told(prepared: Prepared) -> Iterator[TieRow]:
    """What an event says by itself: whom it mentions, who invited."""
    event = prepared.event
    member = event.member or ""
    if event.type == "join" and event.body.get("inviter") not in (None, member):
        yield TieRow(event.id, INVITE, member, event.body["inviter"], event.at)
    if _speaks(prepared) and len(mentions := set(event.body.get("mentions", ()))) <= MOST_MENTIONS:
        yield from (TieRow(event.id, MENTION, member, other, event.at) for other in sorted(mentions - {member}))


def _speaks(prepared: Prepared) -> bool:
    return prepared.parts is not None and not prepared.role and not prepared.parts.ad


def _replies(uow: UnitOfWork, kept: Sequence[Prepared]) -> list[TieRow]:
    """Replies to messages in the log, and those that waited for the messages just recorded."""
    speaking = [one.event for one in kept if _speaks(one) and "reply_to" in one.event.body]
    replies = [AwaitedReplyRow(one.id, one.body["reply_to"], one.member or "", one.at) for one in speaking]
    authors = uow.ties.authors({reply.message for reply in replies}) if replies else {}
    uow.ties.wait(reply for reply in replies if reply.message not in authors)
    said = {one.event.id: one.event.member or "" for one in kept if one.parts is not None}
    waited = uow.ties.arrived(said) if said else []
    return list(_answered(replies, authors)) + list(_answered(waited, said))


def _answered(replies: Iterable[AwaitedReplyRow], authors: dict[str, str]) -> Iterator[TieRow]:
    for reply in replies:
        author = authors.get(reply.message, reply.member)
        if author != reply.member:
            yield TieRow(reply.event, REPLY, reply.member, author, reply.at)
