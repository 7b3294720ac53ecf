"""What was done, and what was tried without the right."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection, Text, cast, delete, or_, select, update

from storage.models import AuditRecord
from storage.rows import AuditRow
from storage.statements import CHUNK, BatchInsert, columns_of
from storage.types import table_of

AUDIT = table_of(AuditRecord)
_ROW = columns_of(AUDIT, AuditRow)
_WRITTEN = AuditRow._fields[:-1]
_ADD = BatchInsert(AUDIT, _WRITTEN)


class Audit:
    """Table audit."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: AuditRow) -> None:
        _ADD.run(self._connection, [row[:-1]])

    def page(self, *, before_id: int | None = None, limit: int = CHUNK, subject: str | None = None) -> list[AuditRow]:
        """The latest rows first; go on with the last id seen."""
        wanted = select(*_ROW).order_by(AUDIT.c.id.desc()).limit(limit)
        if before_id is not None:
            wanted = wanted.where(AUDIT.c.id < before_id)
        if subject is not None:
            wanted = wanted.where(AUDIT.c.subject == subject)
        return [AuditRow._make(row) for row in self._connection.execute(wanted)]

    def rename_actor(self, actor: str, name: str) -> int:
        """Put another name in the place of who acted."""
        return self._connection.execute(update(AUDIT).where(AUDIT.c.actor == actor).values(actor=name)).rowcount

    def blank(self, words: Sequence[str]) -> None:
        """Forget the details in which one of these words stands."""
        if words:
            said = or_(*(cast(AUDIT.c.detail, Text).contains(word, autoescape=True) for word in words))
            self._connection.execute(update(AUDIT).where(said).values(detail={}))

    def delete(self, subject: str) -> int:
        """Delete what is about a member."""
        return self._connection.execute(delete(AUDIT).where(AUDIT.c.subject == subject)).rowcount
