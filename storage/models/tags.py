"""Tags and everything that is folded out of the log: facts, stages, flags, sweeps."""

from __future__ import annotations

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy import text as sql

from storage.models.schema import Stored
from storage.types import blob, counter, ident, json, moment, prose, real, whole

_DIRTY = sql("dirty_from IS NOT NULL")


class RollupRecord(Stored, table=True):
    """The folded facts of a member up to `folded_to`; `dirty_from` is the earliest event not yet folded in.

    `wakes_at` is the first instant at which something may change about him; 0 once anything new is known.
    """

    __tablename__ = "rollups"
    __table_args__ = (
        Index("ix_rollups_dirty", "member", sqlite_where=_DIRTY, postgresql_where=_DIRTY),
        Index(None, "member", "wakes_at"),
    )

    member: str = ident(key=True)
    folded_to: int = moment()
    dirty_from: int | None = moment(nullable=True)
    facts: bytes = blob()
    revision: int = whole()
    wakes_at: int = moment()


class TagRecord(Stored, table=True):
    """A tag a member holds now."""

    __tablename__ = "tags"
    __table_args__ = (Index(None, "path", "value"), {"sqlite_with_rowid": False})

    member: str = ident(key=True)
    path: str = ident(key=True)
    value: str = ident(key=True)
    weight: float = real()
    source: str = prose()
    since: int = moment()
    expires_at: int | None = moment(nullable=True)
    because: dict[str, object] = json()
    rule: str = prose()
    rule_set: int = whole()


class TagChangeRecord(Stored, table=True):
    """One gain or loss of a tag, with its reasons, kept for ever."""

    __tablename__ = "tag_changes"
    __table_args__ = (Index(None, "member", "at"), Index(None, "at"))

    id: int | None = counter()
    member: str = ident()
    path: str = ident()
    value: str = ident()
    action: str = prose()
    at: int = moment()
    because: dict[str, object] = json()
    rule: str = prose()
    rule_set: int = whole()
    recorded_at: int = moment()


class SampleRecord(Stored, table=True):
    """What a member brings into the cohorts that quantile tags compare, from `at` to before `until`; -1: nothing."""

    __tablename__ = "samples"
    __table_args__ = (Index(None, "at", "member"), Index(None, "until"), {"sqlite_with_rowid": False})

    member: str = ident(key=True)
    at: int = moment(key=True)
    until: int = moment()
    clicks: int = whole()
    conversion: int = whole()
    last_order: int = moment()
    orders: int = whole()
    total: int = whole()
    hidden: int = whole()
    ties: int = whole()


class StageChangeRecord(Stored, table=True):
    """A move from one lifecycle stage to another."""

    __tablename__ = "stage_changes"
    __table_args__ = (UniqueConstraint("member", "at", "to_stage"), Index(None, "at"))

    id: int | None = counter()
    member: str = ident()
    at: int = moment()
    from_stage: str | None = prose(nullable=True)
    to_stage: str = ident()
    because: dict[str, object] = json()


class FlagRecord(Stored, table=True):
    """A member flagged new, dormant or disruptive."""

    __tablename__ = "flags"
    __table_args__ = (Index(None, "at"),)

    member: str = ident(key=True)
    kind: str = ident(key=True)
    at: int = moment(key=True)
    detail: dict[str, object] = json()


class SweepRecord(Stored, table=True):
    """One finished sweep: its time, the one before it, and whom it flagged."""

    __tablename__ = "sweeps"

    as_of: int = moment(key=True)
    previous: int | None = moment(nullable=True)
    flagged: dict[str, object] = json()
    recorded_at: int = moment()
