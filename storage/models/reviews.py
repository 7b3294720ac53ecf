"""Verdicts put before admins: their votes, and what these decided."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import blob, counter, flag, ident, moment, real, whole


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


class LessonRecord(Stored, table=True):
    """What was learned from the samples so far, and how it did on the frozen set."""

    __tablename__ = "lessons"

    number: int | None = counter()
    since: int = moment()
    at: int = moment()
    samples: int = whole()
    weights: bytes = blob()
    f1: float = real()
    false_alarms: int = whole()
    voided_at: int | None = moment(nullable=True)
