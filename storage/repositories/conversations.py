"""Questionnaires under way, one per member."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import ConversationRecord
from storage.rows import ConversationRow
from storage.statements import BatchInsert, columns_of, replace_row
from storage.types import table_of

CONVERSATIONS = table_of(ConversationRecord)
_ROW = columns_of(CONVERSATIONS, ConversationRow)
_PUT = BatchInsert(CONVERSATIONS, ConversationRow._fields, replace_row(ConversationRow, "member"))


class Conversations:
    """Table conversations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, member: str) -> ConversationRow | None:
        row = self._connection.execute(select(*_ROW).where(CONVERSATIONS.c.member == member)).first()
        return None if row is None else ConversationRow._make(row)

    def asking(self, members: Iterable[str]) -> set[str]:
        """Those of `members` who have an open conversation."""
        return recall(self._connection, CONVERSATIONS, "asking", self._asking).intersection(members)

    def _asking(self) -> set[str]:
        return set(self._connection.scalars(select(CONVERSATIONS.c.member).where(CONVERSATIONS.c.status == "asking")))

    def put(self, row: ConversationRow) -> None:
        """Write the whole row, new or known."""
        _PUT.run(self._connection, [row])

    def due(self, now: Instant) -> list[ConversationRow]:
        """Those whose `due_at` has come, earliest first."""
        wanted = select(*_ROW).where(CONVERSATIONS.c.due_at <= now)
        wanted = wanted.order_by(CONVERSATIONS.c.due_at, CONVERSATIONS.c.member)
        return [ConversationRow._make(row) for row in self._connection.execute(wanted)]

    def next_due(self) -> Instant | None:
        """When the next one is to be reminded or given up."""
        due: Instant | None = self._connection.scalar(select(func.min(CONVERSATIONS.c.due_at)))
        return due

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.member == member)).rowcount
