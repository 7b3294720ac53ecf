"""Questionnaires under way, one per member."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select

from bot.core.instants import Instant
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

    def put(self, row: ConversationRow) -> None:
        """Write the whole row, new or known."""
        _PUT.run(self._connection, [row])

    def due(self, now: Instant) -> list[ConversationRow]:
        """Those whose `due_at` has come, earliest first."""
        wanted = select(*_ROW).where(CONVERSATIONS.c.due_at <= now)
        wanted = wanted.order_by(CONVERSATIONS.c.due_at, CONVERSATIONS.c.member)
        return [ConversationRow._make(row) for row in self._connection.execute(wanted)]

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(CONVERSATIONS).where(CONVERSATIONS.c.member == member)).rowcount
