"""Which messages of the outbox are an account's to send, and which were sent by others: conditions for statements."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import ColumnElement, and_, exists, or_, select, true

from bot.core.seats import Serving
from storage.models import FriendshipRecord, OutboxRecord
from storage.types import table_of

OUTBOX = table_of(OutboxRecord)
FRIENDSHIPS = table_of(FriendshipRecord)


def served(serving: Serving | None) -> ColumnElement[bool]:
    """The rows that an account may send; every row where there is but one account."""
    if serving is None:
        return true()
    to_group = and_(OUTBOX.c.to_kind == "group", _group(serving))
    return or_(to_group, and_(OUTBOX.c.to_kind == "direct", _direct(serving)))


def _group(serving: Serving) -> ColumnElement[bool]:
    mine = OUTBOX.c.to_id.in_(sorted(serving.groups))
    return or_(mine, OUTBOX.c.to_id.not_in(sorted(serving.seated))) if serving.eldest else mine


def _direct(serving: Serving) -> ColumnElement[bool]:
    """Answers are the account's that was asked; else of a person's friends who can speak the one he last wrote to has
    the word, and who is nobody's friend is the eldest's.
    """
    asked = OUTBOX.c.account == serving.account
    free = or_(OUTBOX.c.account.is_(None), OUTBOX.c.account.not_in(serving.alive))
    his = FRIENDSHIPS.c.member == OUTBOX.c.to_id
    friends = select(FRIENDSHIPS.c.account).where(his, FRIENDSHIPS.c.account.in_(serving.alive))
    nearest = friends.order_by(FRIENDSHIPS.c.spoke_at.desc(), FRIENDSHIPS.c.account).limit(1).scalar_subquery()
    mine = nearest == serving.account
    return or_(asked, and_(free, or_(mine, ~exists().where(his)) if serving.eldest else mine))


def not_by(accounts: Collection[str]) -> list[ColumnElement[bool]]:
    """Rows that none of these accounts has sent, or is sending."""
    if not accounts:
        return []
    return [or_(OUTBOX.c.account.is_(None), OUTBOX.c.account.not_in(sorted(accounts)))]
