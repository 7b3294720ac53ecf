"""Who was in touch with whom, and replies whose addressee is not known yet."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, and_, delete, exists, select

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import AwaitedReplyRecord, EventRecord, TieRecord
from storage.spans import next_after, within
from storage.statements import CHUNK, BatchInsert, chunks, columns_of, keep_first
from storage.tie_rows import AwaitedReplyRow, TieRow
from storage.types import table_of

TIES = table_of(TieRecord)
AWAITED = table_of(AwaitedReplyRecord)
EVENTS = table_of(EventRecord)
_ROW = columns_of(TIES, TieRow)
_ANY_AWAITED = select(exists().select_from(AWAITED))
_ADD = BatchInsert(TIES, TieRow._fields, keep_first("event", "kind", "member", "other"))
_AWAIT = BatchInsert(AWAITED, AwaitedReplyRow._fields, keep_first("event"))
_SINCE = within(TIES, _ROW, (TIES.c.member, TIES.c.at, TIES.c.event, TIES.c.kind, TIES.c.other))
_NEXT = next_after(TIES)


class Ties:
    """Tables ties and awaited_replies."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[TieRow]) -> None:
        """Each tie is two rows, one for each side."""
        _ADD.run(self._connection, rows)

    def wait(self, rows: Iterable[AwaitedReplyRow]) -> None:
        _AWAIT.run(self._connection, rows)

    def arrived(self, messages: Iterable[str]) -> list[AwaitedReplyRow]:
        """Take out the replies that waited for these messages."""
        found: list[AwaitedReplyRow] = []
        if not recall(self._connection, AWAITED, "any", lambda: bool(self._connection.scalar(_ANY_AWAITED))):
            return found
        for chunk in chunks(messages):
            mine = AWAITED.c.message.in_(chunk)
            rows = self._connection.execute(select(*columns_of(AWAITED, AwaitedReplyRow)).where(mine))
            found += [AwaitedReplyRow._make(row) for row in rows]
            if found:
                self._connection.execute(delete(AWAITED).where(mine))
        return found

    def authors(self, messages: Iterable[str]) -> dict[str, str]:
        """Who said each of those messages that are in the log."""
        found: dict[str, str] = {}
        for chunk in chunks(messages):
            said = and_(EVENTS.c.id.in_(chunk), EVENTS.c.type == "message", EVENTS.c.member.is_not(None))
            found.update(
                (id_, member)
                for id_, member in self._connection.execute(select(EVENTS.c.id, EVENTS.c.member).where(said))
            )
        return found

    def since(self, positions: Mapping[str, tuple[Instant, Instant]]) -> Iterator[TieRow]:
        """Ties of each member in his own (after, until], by member, at, event, kind, other."""
        spans = sorted((member, *span) for member, span in positions.items())
        yield from map(TieRow._make, _SINCE.run(self._connection, spans, CHUNK))

    def next_after(self, positions: Mapping[str, Instant]) -> dict[str, Instant]:
        """The first tie of each member after his own instant, for those who have one."""
        spans = ((member, after, 0) for member, after in positions.items())
        return dict(map(tuple, _NEXT.run(self._connection, spans)))

    def between(self, after: Instant, until: Instant) -> Iterator[TieRow]:
        """All ties with after < at ≤ until, each from its first side only, by member, other, at."""
        wanted = select(*_ROW).where(TIES.c.at > after, TIES.c.at <= until, TIES.c.member < TIES.c.other)
        result = self._connection.execute(
            wanted.order_by(TIES.c.member, TIES.c.other, TIES.c.at), execution_options={"yield_per": CHUNK}
        )
        for row in result:
            yield TieRow._make(row)

    def delete(self, member: str) -> dict[str, Instant]:
        """Delete every tie of a member; returns since when each other one's ties are others."""
        touched: dict[str, Instant] = {}
        for other, at in self._connection.execute(select(TIES.c.other, TIES.c.at).where(TIES.c.member == member)):
            touched[other] = min(at, touched.get(other, at))
        self._connection.execute(delete(TIES).where((TIES.c.member == member) | (TIES.c.other == member)))
        self._connection.execute(delete(AWAITED).where(AWAITED.c.member == member))
        return touched
