"""Which engines and dictionaries have read messages."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import EventRecord, ReadingRecord
from storage.rows import ReadingRow
from storage.statements import BatchInsert, columns_of, keep_first
from storage.types import table_of

READINGS = table_of(ReadingRecord)
EVENTS = table_of(EventRecord)
_ROW = columns_of(READINGS, ReadingRow)
_ADD = BatchInsert(READINGS, ReadingRow._fields, keep_first("id"))


class Readings:
    """Table readings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, rows: Iterable[ReadingRow]) -> None:
        """Write down readings that are not there yet."""
        known = recall(self._connection, READINGS, "ids", lambda: set(self._connection.scalars(select(READINGS.c.id))))
        new = [row for row in rows if row.id not in known]
        if new:
            _ADD.run(self._connection, new)

    def latest(self) -> ReadingRow | None:
        """The one that came last."""
        row = self._connection.execute(select(*_ROW).order_by(READINGS.c.first_at.desc()).limit(1)).first()
        return None if row is None else ReadingRow._make(row)

    def of_member(self, member: str, until: Instant) -> list[tuple[ReadingRow, int]]:
        """What read a member's messages up to an instant, with how many of them, the most first."""
        read = func.count().label("read")
        mine = (EVENTS.c.member == member, EVENTS.c.at <= until)
        wanted = select(*_ROW, read).join(EVENTS, EVENTS.c.reading == READINGS.c.id).where(*mine).group_by(*_ROW)
        rows = self._connection.execute(wanted.order_by(read.desc(), READINGS.c.id))
        return [(ReadingRow._make(row[:-1]), row[-1]) for row in rows]
