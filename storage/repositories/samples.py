"""What members bring into the cohorts, by the time it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sqlalchemy import Connection, delete, func, select, tuple_

from bot.core.instants import Instant
from storage.models import SampleRecord
from storage.rows import SampleRow
from storage.statements import CHUNK, BatchInsert, chunks, columns_of, replace_row
from storage.types import table_of

SAMPLES = table_of(SampleRecord)
_ROW = columns_of(SAMPLES, SampleRow)
_PUT = BatchInsert(SAMPLES, SampleRow._fields, replace_row(SampleRow, "member", "at"))


class Samples:
    """Table samples."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def put(self, rows: Iterable[SampleRow]) -> None:
        """Write rows; one that is there is replaced, which is how a sample ends."""
        _PUT.run(self._connection, rows)

    def of_members(self, members: Iterable[str]) -> dict[str, list[SampleRow]]:
        """Samples by member (only those with any), oldest first."""
        found: dict[str, list[SampleRow]] = {}
        for chunk in chunks(members):
            wanted = select(*_ROW).where(SAMPLES.c.member.in_(chunk)).order_by(SAMPLES.c.member, SAMPLES.c.at)
            for row in self._connection.execute(wanted):
                found.setdefault(row.member, []).append(SampleRow._make(row))
        return found

    def holding(self, at: Instant) -> Iterator[SampleRow]:
        """The sample of everybody who has one at an instant, in no order, one page in memory at a time."""
        wanted = select(*_ROW).where(SAMPLES.c.until > at, SAMPLES.c.at <= at)
        for row in self._connection.execute(wanted, execution_options={"yield_per": CHUNK}):
            yield SampleRow._make(row)

    def begun(self, after: tuple[Instant, str], until: Instant, limit: int) -> list[SampleRow]:
        """The next samples that begin after (at, member) and not after `until`, by at, member."""
        place = tuple_(SAMPLES.c.at, SAMPLES.c.member)
        wanted = select(*_ROW).where(place > after, SAMPLES.c.at <= until).order_by(SAMPLES.c.at, SAMPLES.c.member)
        return [SampleRow._make(row) for row in self._connection.execute(wanted.limit(limit))]

    def first(self) -> Instant | None:
        """When the earliest sample begins."""
        found: Instant | None = self._connection.scalar(select(func.min(SAMPLES.c.at)))
        return found

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(SAMPLES).where(SAMPLES.c.member == member)).rowcount
