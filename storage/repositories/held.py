"""Facts that came before their consent in one file and wait until that run ends."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from storage.models import HeldFactRecord
from storage.rows import HeldFactRow
from storage.statements import BatchInsert, columns_of
from storage.types import table_of

HELD = table_of(HeldFactRecord)
_ADD = BatchInsert(HELD, HeldFactRow._fields)


class HeldFacts:
    """Table held_facts."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[HeldFactRow]) -> None:
        _ADD.run(self._connection, rows)

    def of_run(self, run: str) -> list[HeldFactRow]:
        """What waits in a run, by at and event id."""
        wanted = select(*columns_of(HELD, HeldFactRow)).where(HELD.c.run == run).order_by(HELD.c.at, HELD.c.event_id)
        return [HeldFactRow._make(row) for row in self._connection.execute(wanted)]

    def clear(self, run: str | None = None) -> int:
        """Forget what waits in a run (None: in every run, as at start-up)."""
        wanted = delete(HELD) if run is None else delete(HELD).where(HELD.c.run == run)
        return self._connection.execute(wanted).rowcount

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(HELD).where(HELD.c.member == member)).rowcount
