"""Rows about the care of tags, as storage.rows has them about everything else."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class TagUseRow(NamedTuple):
    path: str
    way: str
    at: Instant


class JudgementRow(NamedTuple):
    """`id` is given by the database. Until `judged_at` is set, `correct` says nothing."""

    asked_at: Instant
    member: str
    path: str
    value: str
    actor: str | None = None
    judged_at: Instant | None = None
    correct: bool = False
    id: int = 0
