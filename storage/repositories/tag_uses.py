"""When each tag was last used, and how."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, func, select

from bot.core.instants import Instant
from storage.care_rows import TagUseRow
from storage.models import TagUseRecord
from storage.statements import BatchInsert, columns_of
from storage.types import table_of

USES = table_of(TagUseRecord)
_ROW = columns_of(USES, TagUseRow)
_PUT = BatchInsert(
    USES,
    TagUseRow._fields,
    'ON CONFLICT ("path", "way") DO UPDATE SET "at" = excluded."at" WHERE excluded."at" > tag_uses."at"',
)


class TagUses:
    """Table tag_uses."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def note(self, rows: Iterable[TagUseRow]) -> None:
        """The latest use of each path and way stays."""
        _PUT.run(self._connection, rows)

    def all(self) -> list[TagUseRow]:
        """By path, then by way."""
        rows = self._connection.execute(select(*_ROW).order_by(USES.c.path, USES.c.way))
        return [TagUseRow._make(row) for row in rows]

    def last(self) -> dict[str, Instant]:
        """The last use of each path, whatever the way."""
        rows = self._connection.execute(select(USES.c.path, func.max(USES.c.at)).group_by(USES.c.path))
        return {row[0]: row[1] for row in rows}
