"""Moves between lifecycle stages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, select

from bot.core.instants import Instant
from storage.models import StageChangeRecord
from storage.rows import StageChangeRow
from storage.statements import BatchInsert, columns_of, keep_first
from storage.types import table_of

STAGES = table_of(StageChangeRecord)
_ROW = columns_of(STAGES, StageChangeRow)
_ADD = BatchInsert(STAGES, StageChangeRow._fields, keep_first("member", "at", "to_stage"))


class Stages:
    """Table stage_changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[StageChangeRow]) -> None:
        """Append; a move that is known stays as it is."""
        _ADD.run(self._connection, rows)

    def between(self, after: Instant | None, until: Instant) -> list[StageChangeRow]:
        """Moves with after < at ≤ until (None: from the first), by at, member, id."""
        wanted = select(*_ROW).where(STAGES.c.at <= until).order_by(STAGES.c.at, STAGES.c.member, STAGES.c.id)
        if after is not None:
            wanted = wanted.where(STAGES.c.at > after)
        return [StageChangeRow._make(row) for row in self._connection.execute(wanted)]

    def moves(self, after: Instant) -> Iterator[tuple[Instant, str | None, str]]:
        """Instant, former and new stage of every later move, the latest first; without its reasons."""
        told = select(STAGES.c.at, STAGES.c.from_stage, STAGES.c.to_stage)
        rows = self._connection.execute(told.where(STAGES.c.at > after).order_by(STAGES.c.at.desc()))
        return ((row.at, row.from_stage, row.to_stage) for row in rows)

    def of_member(self, member: str) -> list[StageChangeRow]:
        """A member's moves, oldest first."""
        wanted = select(*_ROW).where(STAGES.c.member == member).order_by(STAGES.c.at, STAGES.c.id)
        return [StageChangeRow._make(row) for row in self._connection.execute(wanted)]

    def replace(self, member: str, rows: Iterable[StageChangeRow]) -> None:
        """Put these moves in place of the member's old ones."""
        self._connection.execute(delete(STAGES).where(STAGES.c.member == member))
        self.add(rows)
