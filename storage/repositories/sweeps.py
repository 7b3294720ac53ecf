"""Finished sweeps."""

from __future__ import annotations

from sqlalchemy import Connection, Select, select

from bot.core.instants import Instant
from storage.models import SweepRecord
from storage.rows import SweepRow
from storage.statements import BatchInsert, columns_of, replace_row
from storage.types import table_of

SWEEPS = table_of(SweepRecord)
_ROW = columns_of(SWEEPS, SweepRow)
_PUT = BatchInsert(SWEEPS, SweepRow._fields, replace_row(SweepRow, "as_of"))


class Sweeps:
    """Table sweeps."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: SweepRow) -> None:
        """Record a sweep; the same time again replaces what it flagged."""
        _PUT.run(self._connection, [row])

    def get(self, as_of: Instant) -> SweepRow | None:
        return self._one(select(*_ROW).where(SWEEPS.c.as_of == as_of))

    def last(self) -> SweepRow | None:
        """The sweep with the latest time."""
        return self._one(select(*_ROW).order_by(SWEEPS.c.as_of.desc()).limit(1))

    def _one(self, wanted: Select[tuple[object, ...]]) -> SweepRow | None:
        row = self._connection.execute(wanted).first()
        return None if row is None else SweepRow._make(row)
