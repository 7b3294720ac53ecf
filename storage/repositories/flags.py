"""Members flagged new, dormant or disruptive."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, select

from bot.core.instants import Instant
from storage.models import FlagRecord
from storage.rows import FlagRow
from storage.statements import BatchInsert, columns_of, keep_first
from storage.types import table_of

FLAGS = table_of(FlagRecord)
_ROW = columns_of(FLAGS, FlagRow)
_ADD = BatchInsert(FLAGS, FlagRow._fields, keep_first("member", "kind", "at"))


class Flags:
    """Table flags."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[FlagRow]) -> None:
        """Append; a flag that is known stays as it is."""
        _ADD.run(self._connection, rows)

    def between(self, after: Instant | None, until: Instant) -> list[FlagRow]:
        """Flags with after < at ≤ until (None: from the first), by at, member, kind."""
        wanted = select(*_ROW).where(FLAGS.c.at <= until).order_by(FLAGS.c.at, FLAGS.c.member, FLAGS.c.kind)
        if after is not None:
            wanted = wanted.where(FLAGS.c.at > after)
        return [FlagRow._make(row) for row in self._connection.execute(wanted)]

    def replace(self, member: str, rows: Iterable[FlagRow]) -> None:
        """Put these flags in place of the member's old ones."""
        self._connection.execute(delete(FLAGS).where(FLAGS.c.member == member))
        self.add(rows)
