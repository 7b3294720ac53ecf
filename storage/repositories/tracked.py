"""Tracked links, and the addresses of theirs that belong to one member."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, delete, insert, select, update

from bot.core.instants import Instant
from storage.models import PersonalLinkRecord, TrackedLinkRecord
from storage.rows import PersonalLinkRow, TrackedLinkRow
from storage.statements import columns_of
from storage.types import table_of

TRACKED, PERSONAL = table_of(TrackedLinkRecord), table_of(PersonalLinkRecord)
_ROW, _PERSONAL_ROW = columns_of(TRACKED, TrackedLinkRow), columns_of(PERSONAL, PersonalLinkRow)


class TrackedLinks:
    """Tables tracked_links and personal_links."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: TrackedLinkRow) -> None:
        """Raises IntegrityError for a code that is taken."""
        self._connection.execute(insert(TRACKED).values(row._asdict()))

    def get(self, code: str) -> TrackedLinkRow | None:
        return next(iter(self.known([code])), None)

    def known(self, codes: Collection[str]) -> list[TrackedLinkRow]:
        """Those of these codes that are links."""
        rows = self._connection.execute(select(*_ROW).where(TRACKED.c.code.in_(codes)))
        return [TrackedLinkRow._make(row) for row in rows]

    def latest(self, limit: int) -> list[TrackedLinkRow]:
        """The newest first."""
        order = TRACKED.c.created_at.desc(), TRACKED.c.code
        return [
            TrackedLinkRow._make(row) for row in self._connection.execute(select(*_ROW).order_by(*order).limit(limit))
        ]

    def count(self, code: str, *, own: bool) -> None:
        """Opened once more: by a member at his `own` address, or by nobody in particular."""
        counter = TRACKED.c.clicks if own else TRACKED.c.opened
        self._connection.execute(update(TRACKED).where(TRACKED.c.code == code).values({counter.name: counter + 1}))

    def rename_actor(self, actor: str, name: str) -> None:
        mine = update(TRACKED).where(TRACKED.c.created_by == actor)
        self._connection.execute(mine.values(created_by=name))

    def give(self, row: PersonalLinkRow) -> None:
        """Raises IntegrityError for a code that is taken."""
        self._connection.execute(insert(PERSONAL).values(row._asdict()))

    def personal(self, code: str) -> PersonalLinkRow | None:
        row = self._connection.execute(select(*_PERSONAL_ROW).where(PERSONAL.c.code == code)).first()
        return None if row is None else PersonalLinkRow._make(row)

    def delete(self, member: str) -> None:
        """The addresses that were written to a member lead nowhere any more."""
        self._connection.execute(delete(PERSONAL).where(PERSONAL.c.member == member))

    def drop(self, before: Instant) -> None:
        """Addresses written before an instant lead nowhere any more."""
        self._connection.execute(delete(PERSONAL).where(PERSONAL.c.made_at < before))
