"""Rows about verdicts that admins review, as storage.rows has them about everything else."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class FlaggedRow(NamedTuple):
    """A message with a verdict; `seq` is its number in the log, `checks` JSON."""

    seq: int
    id: str
    at: Instant
    member: str
    text: str | None
    verdict: str
    checks: str | None


class VoteRow(NamedTuple):
    message: str
    actor: str
    member: str
    at: Instant
    correct: bool


class DecisionRow(NamedTuple):
    message: str
    member: str
    verdict: str
    correct: bool
    at: Instant


class TopicRow(NamedTuple):
    """What somebody said a message is about, with its text and who wrote it."""

    message: str
    topic: str
    by: str
    at: Instant
    member: str
    text: str


class LessonRow(NamedTuple):
    """A learned version; its new samples were decided in (since, at]. `number` is given by the database."""

    since: Instant
    at: Instant
    samples: int
    weights: bytes
    f1: float
    false_alarms: int
    voided_at: Instant | None = None
    number: int = 0
