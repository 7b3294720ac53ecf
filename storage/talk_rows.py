"""Rows about talk as the context pass sees it, as storage.rows has them about everything else."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class ContextRow(NamedTuple):
    """A message as the checks of repetition, flood and what stands around it see it."""

    seq: int
    id: str
    at: Instant
    member: str | None
    group_id: str | None
    base: float | None
    quality: float | None
    verdict: str
    valid: bool
    role: str
    chain: bool
    sketch: bytes | None
    type: str
    score: float | None
    checks: str | None


class JoinRow(NamedTuple):
    """Somebody joined a group."""

    at: Instant
    id: str
    member: str
    group_id: str
