"""What people judged of sampled tags."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from bot.core.instants import Instant
from storage.care_rows import JudgementRow
from storage.models import JudgementRecord
from storage.statements import BatchInsert, columns_of
from storage.types import table_of

JUDGEMENTS = table_of(JudgementRecord)
_ROW = columns_of(JUDGEMENTS, JudgementRow)
_ADD = BatchInsert(JUDGEMENTS, JudgementRow._fields[:-1])


class Judgements:
    """Table judgements."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def ask(self, row: JudgementRow) -> None:
        _ADD.run(self._connection, [row[:-1]])

    def since(self, after: Instant) -> list[JudgementRow]:
        """Asked after an instant, oldest first."""
        wanted = select(*_ROW).where(JUDGEMENTS.c.asked_at > after).order_by(JUDGEMENTS.c.id)
        return [JudgementRow._make(row) for row in self._connection.execute(wanted)]

    def get(self, number: int) -> JudgementRow | None:
        row = self._connection.execute(select(*_ROW).where(JUDGEMENTS.c.id == number)).first()
        return None if row is None else JudgementRow._make(row)

    def settle(self, number: int, actor: str, at: Instant, correct: bool) -> bool:
        """Write an answer down; False when there is one already."""
        waiting = update(JUDGEMENTS).where(JUDGEMENTS.c.id == number, JUDGEMENTS.c.judged_at.is_(None))
        return self._connection.execute(waiting.values(actor=actor, judged_at=at, correct=correct)).rowcount == 1

    def rename_actor(self, actor: str, name: str) -> None:
        """Put another name in the place of who judged."""
        self._connection.execute(update(JUDGEMENTS).where(JUDGEMENTS.c.actor == actor).values(actor=name))

    def delete(self, member: str) -> int:
        """Delete the questions about a member."""
        return self._connection.execute(delete(JUDGEMENTS).where(JUDGEMENTS.c.member == member)).rowcount
