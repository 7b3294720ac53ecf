"""Folded facts per member: what a daily evaluation reads instead of the message table."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, delete, func, or_, select, update

from bot.core.instants import Instant
from storage.models import MemberRecord, RollupRecord
from storage.repositories.links import Links
from storage.rows import RollupRow
from storage.statements import CHUNK, BatchInsert, chunks, columns_of, replace_row
from storage.types import table_of

ROLLUPS = table_of(RollupRecord)
_MEMBERS = table_of(MemberRecord)
_ROW = columns_of(ROLLUPS, RollupRow)
_GET = select(*_ROW).where(ROLLUPS.c.member.in_(bindparam("members", expanding=True)))
_SAVE = BatchInsert(ROLLUPS, RollupRow._fields, replace_row(RollupRow, "member"))
_KEEP_EARLIEST = (
    "ON CONFLICT (member) DO UPDATE SET dirty_from = excluded.dirty_from, wakes_at = 0 "
    "WHERE rollups.dirty_from IS NULL OR rollups.dirty_from > excluded.dirty_from"
)
_LATE = (
    "UPDATE rollups SET wakes_at = 0, dirty_from = "
    "CASE WHEN (folded_to >= ? OR ? <= (SELECT COALESCE(MAX(as_of), 0) FROM sweeps)) "
    "AND (dirty_from IS NULL OR dirty_from > ?) THEN ? ELSE dirty_from END "
    "WHERE member = ? AND (folded_to >= ? OR wakes_at > ?)"
)
_MARK = BatchInsert(ROLLUPS, RollupRow._fields, _KEEP_EARLIEST)


class Rollups:
    """Table rollups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, members: Iterable[str]) -> dict[str, RollupRow]:
        """The roll-ups of those members who have one."""
        found: dict[str, RollupRow] = {}
        for chunk in chunks(members):
            rows = self._connection.execute(_GET, {"members": chunk})
            found.update((row.member, RollupRow._make(row)) for row in rows)
        return found

    def save(self, rows: Iterable[RollupRow]) -> None:
        """Write whole rows; a `dirty_from` of None says the member is folded."""
        _SAVE.run(self._connection, rows)

    def mark_dirty(self, since: Mapping[str, Instant]) -> None:
        """Remember the earliest event not yet folded, per member."""
        _MARK.run(self._connection, (RollupRow(member, 0, at, b"", 0) for member, at in self._persons(since)))

    def mark_late(self, since: Mapping[str, Instant]) -> None:
        """Mark dirty those whose past has changed: whose fold, or the sweep they slept through, has passed the given
        instant. The others wake."""
        sql = _LATE if self._connection.dialect.name == "sqlite" else _LATE.replace("?", "%s")
        rows = [(at, at, at, at, member, at, at) for member, at in self._persons(since)]
        for chunk in chunks(rows):
            self._connection.exec_driver_sql(sql, chunk)

    def _persons(self, since: Mapping[str, Instant]) -> list[tuple[str, Instant]]:
        """A former contact id is folded with its member's present one."""
        mains = Links(self._connection).mains(since) if since else {}
        return [(mains.get(member, member), at) for member, at in since.items()]

    def mark_all_late(self, since: Instant) -> None:
        """Mark dirty everybody whose fold has passed `since`."""
        not_earlier = or_(ROLLUPS.c.dirty_from.is_(None), ROLLUPS.c.dirty_from > since)
        late = update(ROLLUPS).where(ROLLUPS.c.folded_to > since, not_earlier)
        self._connection.execute(late.values(dirty_from=since, wakes_at=0))

    def wake_all(self) -> None:
        """Let the next sweep look at everybody."""
        self._connection.execute(update(ROLLUPS).where(ROLLUPS.c.wakes_at > 0).values(wakes_at=0))

    def awake(self, until: Instant, after: str | None = None, limit: int = CHUNK) -> list[str]:
        """The next members about whom something may change by `until`, also those never folded, in id order."""
        wanted = _awake(select(_MEMBERS.c.member), until).order_by(_MEMBERS.c.member).limit(limit)
        if after is not None:
            wanted = wanted.where(_MEMBERS.c.member > after)
        return list(self._connection.scalars(wanted))

    def count_awake(self, until: Instant) -> int:
        return self._connection.scalar(_awake(select(func.count()), until)) or 0

    def dirty(self) -> Iterator[tuple[str, Instant]]:
        """(member, earliest unfolded event) in member order; read whole before the first is given."""
        wanted = (
            select(ROLLUPS.c.member, ROLLUPS.c.dirty_from)
            .where(ROLLUPS.c.dirty_from.is_not(None))
            .order_by(ROLLUPS.c.member)
        )
        yield from [(member, at) for member, at in self._connection.execute(wanted)]

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(ROLLUPS).where(ROLLUPS.c.member == member)).rowcount


def _awake(wanted: Select[Any], until: Instant) -> Select[Any]:
    """Whoever has no roll-up that sleeps on; said in this way the index of sleepers serves, and no facts are read."""
    asleep = and_(ROLLUPS.c.member == _MEMBERS.c.member, ROLLUPS.c.wakes_at > until)
    return wanted.select_from(_MEMBERS.outerjoin(ROLLUPS, asleep)).where(ROLLUPS.c.member.is_(None))
