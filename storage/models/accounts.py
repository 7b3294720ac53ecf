"""The accounts of one deployment: who is running, who sits in which group, who is whose friend, who heard what."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import ident, moment, prose


class AccountRecord(Stored, table=True):
    """A bot account. `owner` is the process that serves it, `alive_at` the last instant at which it was listening.

    state: up, down (it lost its connection, `reason` says why) or stopped (its process ended in good order).
    """

    __tablename__ = "accounts"

    account: str = ident(key=True)
    name: str = prose()
    owner: str = ident()
    since: int = moment()
    alive_at: int = moment()
    state: str = prose()
    reason: str = prose()


class SeatRecord(Stored, table=True):
    """An account sits in a group since `since`; `until` is when it was seen to be there no more."""

    __tablename__ = "seats"
    __table_args__ = (Index(None, "group_id"), {"sqlite_with_rowid": False})

    account: str = ident(key=True)
    group_id: str = ident(key=True)
    since: int = moment()
    until: int | None = moment(nullable=True)


class FriendshipRecord(Stored, table=True):
    """A member has a direct chat with an account; `spoke_at` is when he last wrote there."""

    __tablename__ = "friendships"
    __table_args__ = ({"sqlite_with_rowid": False},)

    member: str = ident(key=True)
    account: str = ident(key=True)
    spoke_at: int = moment()


class HearingRecord(Stored, table=True):
    """A message as one account heard it, in a group where several sit; kept for some days.

    `id` is the message's id for that account, `event` the event of the log that it is, `digest` a keyed hash of group,
    sender and words.
    """

    __tablename__ = "hearings"
    __table_args__ = (Index(None, "digest", "at"), Index(None, "event"), Index(None, "at"))

    id: str = ident(key=True)
    account: str = ident()
    event: str = ident()
    digest: str = ident()
    at: int = moment()
