"""Addresses that were handed to one person: what opens a page is kept as a keyed hash alone."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import ident, moment


class PassRecord(Stored, table=True):
    """Lets `member` open pages for one `purpose` until `expires_at`, or until it was used up."""

    __tablename__ = "passes"
    __table_args__ = (Index(None, "member", "purpose"), Index(None, "expires_at"))

    keyed_hash: str = ident(key=True)
    purpose: str = ident()
    member: str = ident()
    created_at: int = moment()
    expires_at: int = moment()
    used_at: int | None = moment(nullable=True)
