"""What each account heard in groups where several sit."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, and_, delete, or_, select

from bot.core.hearings import WITHIN, Hearing
from bot.core.instants import Instant
from storage.models import HearingRecord
from storage.statements import BatchInsert, chunks, columns_of, keep_first
from storage.types import table_of

HEARINGS = table_of(HearingRecord)
_ROW = columns_of(HEARINGS, Hearing)
_ADD = BatchInsert(HEARINGS, Hearing._fields, keep_first("id"))


class Hearings:
    """Table hearings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, hearings: Iterable[Hearing]) -> None:
        """Write down; an id that is known stays as it is."""
        _ADD.run(self._connection, hearings)

    def near(self, heard: Sequence[Hearing]) -> list[Hearing]:
        """The known hearings of the events that these may be: the same ids, or the same words about the same time."""
        first, last = min(one.at for one in heard) - WITHIN, max(one.at for one in heard) + WITHIN
        events: set[str] = set()
        for chunk in chunks(heard):
            said = HEARINGS.c.digest.in_(sorted({one.digest for one in chunk}))
            alike = and_(said, HEARINGS.c.at.between(first, last))
            wanted = select(HEARINGS.c.event).where(or_(HEARINGS.c.id.in_([one.id for one in chunk]), alike))
            events.update(self._connection.scalars(wanted))
        return self._of_events(events)

    def _of_events(self, events: Iterable[str]) -> list[Hearing]:
        found: list[Hearing] = []
        for chunk in chunks(events):
            rows = self._connection.execute(select(*_ROW).where(HEARINGS.c.event.in_(chunk)))
            found += [Hearing._make(row) for row in rows]
        return found

    def events(self, ids: Iterable[str]) -> dict[str, str]:
        """The event of the log that each known message is."""
        found: dict[str, str] = {}
        for chunk in chunks(ids):
            rows = self._connection.execute(select(HEARINGS.c.id, HEARINGS.c.event).where(HEARINGS.c.id.in_(chunk)))
            found.update((id_, event) for id_, event in rows)
        return found

    def drop(self, before: Instant) -> int:
        """Forget what was heard at `before` or earlier."""
        return self._connection.execute(delete(HEARINGS).where(HEARINGS.c.at <= before)).rowcount
