"""Members, groups, and who is in which; what is asked of a member."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import flag, ident, json, moment, prose, real


class MemberRecord(Stored, table=True):
    """A person of this deployment, by contact id. Stage and score are copies of the last fold, for lists.

    `minor` is None, "under14" or "under18"; `score` is 0–100.
    """

    __tablename__ = "members"
    __table_args__ = (Index(None, "name"),)

    member: str = ident(key=True)
    name: str = prose()
    joined_at: int | None = moment(nullable=True)
    inferred: bool = flag()
    stage: str | None = prose(nullable=True)
    score: float | None = real(nullable=True)
    last_interaction: int | None = moment(nullable=True)
    exempt: bool = flag()
    is_friend: bool = flag()
    minor: str | None = prose(nullable=True)


class GroupRecord(Stored, table=True):
    """A group, by room id; `entered_at` is when the bot came in, `account` the bot account that sits in it."""

    __tablename__ = "groups"

    id: str = ident(key=True)
    name: str = prose()
    entered_at: int | None = moment(nullable=True)
    account: str | None = ident(nullable=True)
    present: bool = flag()


class MembershipRecord(Stored, table=True):
    """A member in one group; `name` is the nickname used there."""

    __tablename__ = "memberships"
    __table_args__ = (Index(None, "member"), Index(None, "name"), {"sqlite_with_rowid": False})

    group_id: str = ident(key=True)
    member: str = ident(key=True)
    first_at: int = moment()
    last_at: int = moment()
    present: bool = flag()
    name: str = prose()


class ConversationRecord(Stored, table=True):
    """The questionnaire a member is in; `due_at` is when to remind or to give up."""

    __tablename__ = "conversations"
    __table_args__ = (Index(None, "due_at"),)

    member: str = ident(key=True)
    group_id: str | None = ident(nullable=True)
    channel: str = prose()
    state: dict[str, object] = json()
    asked_at: int = moment()
    due_at: int | None = moment(nullable=True)
    status: str = prose()
