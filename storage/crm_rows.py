"""Rows of storage.models.crm as services see them."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class CrmSubjectRow(NamedTuple):
    member: str
    key: str
    digest: str


class CrmNoticeRow(NamedTuple):
    dedupe_key: str
    key: str
    body: str
    created_at: Instant
    not_before: Instant
    status: str = "queued"
    attempts: int = 0
    reason: str = ""
    settled_at: Instant | None = None
    id: int = 0
