"""The log of facts: every event that was taken in, and facts that wait for a consent."""

from __future__ import annotations

from sqlalchemy import Index
from sqlalchemy import text as sql

from storage.models.schema import Stored
from storage.types import blob, counter, flag, ident, json, moment, prose, real

_DEAF = sql("type = 'deaf'")
_LABEL = sql("type = 'label'")
_LINK = sql("type IN ('merge', 'split')")
_SUSPECT = sql("score IS NOT NULL")
_JOIN = sql("type = 'join'")
_RAW = sql("type IN ('device', 'in_city')")


class EventRecord(Stored, table=True):
    """One event. Message parts (base, quality, verdict, sketch) outlive the text, and rebuilding uses them.

    `body` is the JSON text of the type's own fields; `base` is the quality before repetition, `quality` after it (both
    0–2, only for messages); `verdict` is "", "ad" or "flood", `checks` the JSON list behind it (also
    of a suspicious text without a verdict); `role` tells a command
    or an answer from speech; `reading` names the engine and dictionary that read the text. `score` is that of a
    suspicious text alone, 0 for an attachment (image, card, link, mini program), None for all else.
    """

    __tablename__ = "events"
    __table_args__ = (
        Index(None, "member", "at"),
        Index(None, "group_id", "at"),
        Index(None, "at"),
        Index("ix_events_deaf", "at", sqlite_where=_DEAF, postgresql_where=_DEAF),
        Index("ix_events_label", "at", sqlite_where=_LABEL, postgresql_where=_LABEL),
        Index("ix_events_link", "at", sqlite_where=_LINK, postgresql_where=_LINK),
        Index("ix_events_suspect", "at", sqlite_where=_SUSPECT, postgresql_where=_SUSPECT),
        Index("ix_events_join", "at", sqlite_where=_JOIN, postgresql_where=_JOIN),
        Index("ix_events_raw", "at", sqlite_where=_RAW, postgresql_where=_RAW),
    )

    seq: int | None = counter()
    id: str = ident(unique=True)
    type: str = prose()
    at: int = moment()
    member: str | None = ident(nullable=True)
    group_id: str | None = ident(nullable=True)
    body: str = prose()
    text: str | None = prose(nullable=True)
    base: float | None = real(nullable=True)
    quality: float | None = real(nullable=True)
    verdict: str = prose()
    valid: bool = flag()
    role: str = prose()
    sketch: bytes | None = blob(nullable=True)
    chain: bool = flag()
    historical: bool = flag()
    recorded_at: int = moment()
    checks: str | None = prose(nullable=True)
    reading: str | None = ident(nullable=True)
    score: float | None = real(nullable=True)


class HeldFactRecord(Stored, table=True):
    """A fact that came before its consent in one file; it waits until that run ends."""

    __tablename__ = "held_facts"
    __table_args__ = (Index(None, "run", "at"), Index(None, "member"))

    id: int | None = counter()
    run: str = ident()
    event_id: str = ident()
    at: int = moment()
    member: str = ident()
    record: dict[str, object] = json()
