"""Consents, and who asked to be forgotten."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint

from storage.models.schema import Stored
from storage.types import counter, flag, ident, moment, prose


class ConsentRecord(Stored, table=True):
    """One consent given or withdrawn for one purpose; `source` is the id of the event that said so."""

    __tablename__ = "consents"
    __table_args__ = (UniqueConstraint("source", "purpose"), Index(None, "member", "purpose", "at"))

    id: int | None = counter()
    member: str = ident()
    purpose: str = ident()
    granted: bool = flag()
    at: int = moment()
    notice_version: str | None = prose(nullable=True)
    source: str = ident()


class ForgottenRecord(Stored, table=True):
    """All that is left of a forgotten member: a keyed hash that blocks re-tagging without new consent."""

    __tablename__ = "forgotten"

    keyed_hash: str = ident(key=True)
    at: int = moment()
    reason: str = prose()
