"""The care of tags: when each was last used, and what people judged of samples."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import counter, flag, ident, moment


class TagUseRecord(Stored, table=True):
    """The last time a tag path was used in one way (a query, a push, an export)."""

    __tablename__ = "tag_uses"

    path: str = ident(key=True)
    way: str = ident(key=True)
    at: int = moment()


class JudgementRecord(Stored, table=True):
    """A sampled tag that people are asked about; without `judged_at` it waits for an answer."""

    __tablename__ = "judgements"
    __table_args__ = (Index(None, "asked_at"), Index(None, "member"))

    id: int | None = counter()
    asked_at: int = moment()
    member: str = ident()
    path: str = ident()
    value: str = ident()
    actor: str | None = ident(nullable=True)
    judged_at: int | None = moment(nullable=True)
    correct: bool = flag()
