"""Tracked links: short addresses of ours that lead to one stored target, for everybody or for one member."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import ident, moment, prose, whole


class TrackedLinkRecord(Stored, table=True):
    """A link somebody in charge made; `topic`, `form`, `price` (fen) are what its clicks tell of the item.

    How often it was opened: `clicks` by members at their own address, `opened` by nobody in particular, as in a group.
    """

    __tablename__ = "tracked_links"
    __table_args__ = (Index(None, "created_at"),)

    code: str = ident(key=True)
    target: str = prose()
    topic: str | None = prose(nullable=True)
    form: str | None = prose(nullable=True)
    price: int | None = whole(nullable=True)
    created_by: str = ident()
    created_at: int = moment()
    clicks: int = whole()
    opened: int = whole()


class PersonalLinkRecord(Stored, table=True):
    """The address of a tracked link that was written to one member; it goes with him, or when it is old."""

    __tablename__ = "personal_links"
    __table_args__ = (Index(None, "member"), Index(None, "made_at"))

    code: str = ident(key=True)
    link: str = ident()
    member: str = ident()
    made_at: int = moment()
