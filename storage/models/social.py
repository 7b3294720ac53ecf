"""Relations between members as messages and joins show them."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import ident, moment


class TieRecord(Stored, table=True):
    """Two members in touch at a time, once for each of them; `kind` is invite, mention or reply."""

    __tablename__ = "ties"
    __table_args__ = (Index(None, "member", "at"), Index(None, "other"), {"sqlite_with_rowid": False})

    event: str = ident(key=True)
    kind: str = ident(key=True)
    member: str = ident(key=True)
    other: str = ident(key=True)
    at: int = moment()


class AwaitedReplyRecord(Stored, table=True):
    """A reply to a message that has not come in yet, so that nobody knows whom it answers."""

    __tablename__ = "awaited_replies"
    __table_args__ = (Index(None, "message"), Index(None, "member"), {"sqlite_with_rowid": False})

    event: str = ident(key=True)
    message: str = ident()
    member: str = ident()
    at: int = moment()


class BackupRecord(Stored, table=True):
    """An appointment of an admin (`member`) that names his backup."""

    __tablename__ = "backups"
    __table_args__ = (Index(None, "member"), Index(None, "backup"), {"sqlite_with_rowid": False})

    event: str = ident(key=True)
    member: str = ident()
    backup: str = ident()
    at: int = moment()
