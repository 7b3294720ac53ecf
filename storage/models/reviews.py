"""Verdicts put before admins: their votes, and what these decided."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import flag, ident, moment


class VoteRecord(Stored, table=True):
    """What one admin said of the verdict on one message."""

    __tablename__ = "votes"
    __table_args__ = (Index(None, "actor", "at"), Index(None, "member"))

    message: str = ident(key=True)
    actor: str = ident(key=True)
    member: str = ident()
    at: int = moment()
    correct: bool = flag()


class DecisionRecord(Stored, table=True):
    """Enough admins agreed: a sample."""

    __tablename__ = "decisions"
    __table_args__ = (Index(None, "member"),)

    message: str = ident(key=True)
    member: str = ident()
    verdict: str = ident()
    correct: bool = flag()
    at: int = moment()
