"""The ledger of consents: what was agreed to or withdrawn, when, and by which notice."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from bot.core.instants import Instant
from storage.models import ConsentRecord
from storage.rows import ConsentRow
from storage.statements import BatchInsert, chunks, columns_of, keep_first
from storage.types import table_of

CONSENTS = table_of(ConsentRecord)
_ROW = columns_of(CONSENTS, ConsentRow)
_ADD = BatchInsert(CONSENTS, ConsentRow._fields, keep_first("source", "purpose"))


class Consents:
    """Table consents."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[ConsentRow]) -> None:
        """Append; the same event's word on a purpose is kept once."""
        _ADD.run(self._connection, rows)

    def holds(self, member: str, purpose: str, at: Instant) -> bool:
        """Whether the latest word up to `at` grants it; of two words at one instant the withdrawal counts."""
        said = select(CONSENTS.c.granted).where(
            CONSENTS.c.member == member, CONSENTS.c.purpose == purpose, CONSENTS.c.at <= at
        )
        return bool(self._connection.scalar(said.order_by(CONSENTS.c.at.desc(), CONSENTS.c.granted).limit(1)))

    def ledger(self, member: str) -> list[ConsentRow]:
        """Everything a member said, oldest first."""
        return self.ledgers([member]).get(member, [])

    def ledgers(self, members: Iterable[str]) -> dict[str, list[ConsentRow]]:
        """The ledger of each member who said anything."""
        found: dict[str, list[ConsentRow]] = {}
        for chunk in chunks(members):
            wanted = select(*_ROW).where(CONSENTS.c.member.in_(chunk)).order_by(CONSENTS.c.at, CONSENTS.c.id)
            for row in self._connection.execute(wanted):
                found.setdefault(row.member, []).append(ConsentRow._make(row))
        return found

    def said_since(self, purpose: str, after: int) -> tuple[set[str], int]:
        """Members with a word on a purpose written after the one numbered `after`, and the last one's number."""
        wanted = select(CONSENTS.c.id, CONSENTS.c.member).where(CONSENTS.c.purpose == purpose, CONSENTS.c.id > after)
        rows = self._connection.execute(wanted).all()
        return {row.member for row in rows}, max((row.id for row in rows), default=after)

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(CONSENTS).where(CONSENTS.c.member == member)).rowcount
