"""Contact ids that changed: which is whose, and the evidence by which it is proposed."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from storage.models.schema import Stored
from storage.types import counter, flag, ident, json, moment, prose, whole


class LinkRecord(Stored, table=True):
    """A former id and the member whose it was, worked out from the merges and splits in the log.

    `name`, `minor` are what the list of members said of the former id; `lent`: its `minor` protects the member too.
    """

    __tablename__ = "links"
    __table_args__ = (Index(None, "member"), {"sqlite_with_rowid": False})

    old: str = ident(key=True)
    member: str = ident()
    since: int = moment()
    name: str = prose()
    minor: str | None = prose(nullable=True)
    lent: bool = flag()


class ContactRecord(Stored, table=True):
    """What a platform shows of a contact besides the id; `names` are those it had, the present one last."""

    __tablename__ = "contacts"

    member: str = ident(key=True)
    names: list[str] = json()
    alias: str = prose()
    avatar: str = prose()
    friend: bool = flag()


class NicknameRecord(Stored, table=True):
    """What somebody calls himself in a group, "" where it is no name of its own; asked `at`."""

    __tablename__ = "nicknames"
    __table_args__ = (Index(None, "member"), {"sqlite_with_rowid": False})

    group_id: str = ident(key=True)
    member: str = ident(key=True)
    name: str = prose()
    at: int = moment()


class RosterChangeRecord(Stored, table=True):
    """An id that stood in a group's list no more, or for the first time, when two lists were compared."""

    __tablename__ = "roster_changes"
    __table_args__ = (Index(None, "at"), Index(None, "member"), {"sqlite_with_rowid": False})

    group_id: str = ident(key=True)
    member: str = ident(key=True)
    gone: bool = flag()
    at: int = moment()


class ProposalRecord(Stored, table=True):
    """Two ids that may be one person; status open, merged, refused, closed. `grounds` are what speaks for it."""

    __tablename__ = "proposals"
    __table_args__ = (UniqueConstraint("old", "new"), Index(None, "status"), Index(None, "new"))

    number: int | None = counter()
    old: str = ident()
    new: str = ident()
    points: int = whole()
    grounds: list[str] = json()
    since: int = moment()
    found_at: int = moment()
    status: str = ident()
