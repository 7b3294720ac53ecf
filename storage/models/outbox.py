"""The only mouth: every outgoing message is a row first. And the ledger that lets a job run once."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import counter, flag, ident, json, moment, prose


class OutboxRecord(Stored, table=True):
    """An outgoing message. `member` is whom it concerns, `cause` why it was planned (checked again at claim time).

    status: queued → sending → sent | failed | unknown; also withheld, cancelled, expired, awaiting (a confirmation).
    `claimed_at` is the moment of sending that caps are counted by.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index(None, "status", "not_before"),
        Index(None, "to_kind", "to_id", "claimed_at"),
        Index(None, "member", "claimed_at"),
        Index(None, "claimed_at"),
        Index(None, "batch"),
    )

    id: int | None = counter()
    dedupe_key: str = ident(unique=True)
    kind: str = prose()
    to_kind: str = prose()
    to_id: str = ident()
    member: str | None = ident(nullable=True)
    group_id: str | None = ident(nullable=True)
    text: str = prose()
    mentions: list[str] = json()
    cause: dict[str, object] = json()
    reply: bool = flag()
    status: str = prose()
    reason: str = prose()
    created_at: int = moment()
    not_before: int = moment()
    expires_at: int | None = moment(nullable=True)
    claimed_at: int | None = moment(nullable=True)
    settled_at: int | None = moment(nullable=True)
    platform_id: str | None = prose(nullable=True)
    batch: str | None = ident(nullable=True)
    account: str | None = ident(nullable=True)


class JobRunRecord(Stored, table=True):
    """One run of a scheduled job; its key makes it happen once among all processes."""

    __tablename__ = "job_runs"

    name: str = ident(key=True)
    due_at: int = moment(key=True)
    started_at: int = moment()
    finished_at: int | None = moment(nullable=True)
    outcome: str = prose()
    owner: str = prose()
