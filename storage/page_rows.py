"""Rows that pages are made of, as storage.rows has them of everything else."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class PassRow(NamedTuple):
    """See storage.models.passes."""

    keyed_hash: str
    purpose: str
    member: str
    created_at: Instant
    expires_at: Instant
    used_at: Instant | None = None


class JobRunRow(NamedTuple):
    """A run: `outcome` is "" while it is under way."""

    name: str
    due_at: Instant
    started_at: Instant
    finished_at: Instant | None
    outcome: str
