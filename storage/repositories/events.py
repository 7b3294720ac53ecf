"""The log of events: append in batches, read in the order of a member's life, amend verdicts, erase a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import ColumnElement, Connection, Select, and_, bindparam, case, delete, func, or_, select, update
from sqlalchemy import text as sql

from bot.core.instants import Instant
from storage.memory import forget, recall
from storage.models import EventRecord
from storage.rows import EventRow
from storage.spans import next_after, within
from storage.statements import CHUNK, BatchInsert, chunks, columns_of
from storage.talk_rows import ContextRow, JoinRow
from storage.types import dump_json, table_of

EVENTS = table_of(EventRecord)
NETWORK = ("ip", "user_agent")
"""Keys of a click's body that are kept for a week only."""
_ADD = BatchInsert(EVENTS, EventRow._fields)
_END = select(select(func.max(EVENTS.c.seq)).scalar_subquery(), select(func.max(EVENTS.c.at)).scalar_subquery())
_KNOWN = select(EVENTS.c.id).where(EVENTS.c.id.in_(bindparam("ids", expanding=True)))
_ROW = columns_of(EVENTS, EventRow)
_CONTEXT = columns_of(EVENTS, ContextRow)
_JOIN = columns_of(EVENTS, JoinRow)
_IN_ORDER = (EVENTS.c.member, EVENTS.c.at, EVENTS.c.id)
_SINCE, _NEXT = within(EVENTS, _ROW, _IN_ORDER), next_after(EVENTS)
_LIVE_CHECKIN = (EVENTS.c.role == "checkin", EVENTS.c.group_id.is_not(None), ~EVENTS.c.historical)
_IN_GROUP = (EVENTS.c.member.is_not(None), EVENTS.c.group_id.is_not(None))
_AMEND = "UPDATE events SET quality = ?, verdict = ?, valid = ?, checks = COALESCE(?, checks) WHERE id = ?"

_RAW = ("device", "in_city")
"""Types of facts that carry what they were read from for some days."""

Amendment = tuple[str, float | None, str, bool, str | None]
"""(id, quality, verdict, valid, checks as JSON text or None to leave them)."""


def _between(after: Instant | None, until: Instant) -> ColumnElement[bool]:
    upper = EVENTS.c.at <= until
    return upper if after is None else and_(EVENTS.c.at > after, upper)


class Events:
    """Table events. Windows are (after, until]; `after` None means from the first."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def known(self, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that are in the log."""
        found: set[str] = set()
        for chunk in chunks(ids):
            found.update(self._connection.scalars(_KNOWN, {"ids": chunk}))
        return found

    def add(self, rows: Iterable[EventRow]) -> None:
        """Append. Raises IntegrityError when an id is there already (ask `known` first)."""
        new = list(rows)
        if any(row.type == "label" for row in new):
            forget(self._connection, EVENTS)
        _ADD.run(self._connection, new)

    def get(self, id_: str) -> EventRow | None:
        row = self._connection.execute(select(*_ROW).where(EVENTS.c.id == id_)).first()
        return None if row is None else EventRow._make(row)

    def of_members(self, members: Iterable[str] | None, after: Instant | None, until: Instant) -> Iterator[EventRow]:
        """Events of these members (None: of all) by member, at, id; a stream of constant memory."""
        wanted = select(*_ROW).where(_between(after, until)).order_by(*_IN_ORDER)
        if members is None:
            yield from self._stream(wanted.where(EVENTS.c.member.is_not(None)))
            return
        for chunk in chunks(sorted(set(members))):
            yield from self._stream(wanted.where(EVENTS.c.member.in_(chunk)))

    def since(self, positions: Mapping[str, tuple[Instant, Instant]]) -> Iterator[EventRow]:
        """Events of each member in his own (after, until], by member, at, id; a stream of constant memory."""
        spans = sorted((member, *span) for member, span in positions.items())
        yield from map(EventRow._make, _SINCE.run(self._connection, spans, CHUNK))

    def next_after(self, positions: Mapping[str, Instant]) -> dict[str, Instant]:
        """The first event of each member after his own instant, for those who have one."""
        spans = ((member, after, 0) for member, after in positions.items())
        return dict(map(tuple, _NEXT.run(self._connection, spans)))

    def messages_of(self, members: Iterable[str], after: Instant, until: Instant) -> list[ContextRow]:
        """Messages of these members with after < at ≤ until, by at, id."""
        found: list[ContextRow] = []
        for chunk in chunks(sorted(set(members))):
            mine = (EVENTS.c.member.in_(chunk), _between(after, until), EVENTS.c.type == "message")
            found += map(ContextRow._make, self._connection.execute(select(*_CONTEXT).where(*mine)))
        return sorted(found, key=lambda row: (row.at, row.id))

    def messages_between(self, after: Instant, until: Instant) -> Iterator[ContextRow]:
        """All messages with after < at ≤ until, by at, id; a stream of constant memory."""
        wanted = select(*_CONTEXT).where(_between(after, until), EVENTS.c.type == "message")
        result = self._connection.execute(
            wanted.order_by(EVENTS.c.at, EVENTS.c.id), execution_options={"yield_per": CHUNK}
        )
        for row in result:
            yield ContextRow._make(row)

    def suspects_between(self, after: Instant, until: Instant) -> list[ContextRow]:
        """Suspicious messages and attachments with after < at ≤ until, by at, id."""
        wanted = select(*_CONTEXT).where(_between(after, until), EVENTS.c.score.is_not(None))
        return [ContextRow._make(row) for row in self._connection.execute(wanted.order_by(EVENTS.c.at, EVENTS.c.id))]

    def joins_between(self, after: Instant, until: Instant) -> list[JoinRow]:
        """Joins of groups with after < at ≤ until, by at, id."""
        wanted = select(*_JOIN).where(_between(after, until), EVENTS.c.type == "join", *_IN_GROUP)
        return [JoinRow._make(row) for row in self._connection.execute(wanted.order_by(EVENTS.c.at, EVENTS.c.id))]

    def texts_between(self, after: Instant, until: Instant, holding: str = "") -> Iterator[EventRow]:
        """Members' own words in groups with after < at ≤ until whose text is still there, by at, id; a stream.

        No commands, no adverts; `holding`: only those with this string somewhere.
        """
        kept = (EVENTS.c.type == "message", EVENTS.c.text.is_not(None), EVENTS.c.group_id.is_not(None))
        own = (EVENTS.c.member.is_not(None), EVENTS.c.role == "", EVENTS.c.verdict != "ad")
        wanted = select(*_ROW).where(_between(after, until), *kept, *own)
        if holding:
            wanted = wanted.where(EVENTS.c.text.icontains(holding, autoescape=True))
        yield from self._stream(wanted.order_by(EVENTS.c.at, EVENTS.c.id))

    def said_between(self, after: Instant, until: Instant) -> tuple[int, int]:
        """How many messages were said in groups with after < at ≤ until, and by how many members."""
        said = (EVENTS.c.type == "message", EVENTS.c.group_id.is_not(None), _between(after, until))
        row = self._connection.execute(select(func.count(), func.count(EVENTS.c.member.distinct())).where(*said)).one()
        return row[0], row[1]

    def last_message_at(self) -> Instant | None:
        """Time of the latest message."""
        wanted = select(EVENTS.c.at).where(EVENTS.c.type == "message").order_by(EVENTS.c.at.desc()).limit(1)
        return self._connection.scalar(wanted)

    def last_seq(self) -> int:
        """Number of the newest row; it tells whether anybody has written since."""
        return self._end()[0] or 0

    def _end(self) -> tuple[int | None, Instant | None]:
        """The newest row's number, and the latest time of any."""
        return recall(self._connection, EVENTS, "end", lambda: self._connection.execute(_END).one())

    def amend(self, changes: Iterable[Amendment]) -> None:
        """Set what the context decided anew."""
        sql = _AMEND if self._connection.dialect.name == "sqlite" else _AMEND.replace("?", "%s")
        for chunk in chunks((*rest, id_) for id_, *rest in changes):
            self._connection.exec_driver_sql(sql, chunk)

    def deaf(self, until: Instant) -> list[tuple[Instant, Instant, str | None]]:
        """(from, to, group or None for all) of the deaf events with at ≤ until, by at, id."""
        wanted = (
            select(EVENTS.c.body, EVENTS.c.group_id)
            .where(EVENTS.c.type == "deaf", EVENTS.c.at <= until)
            .order_by(EVENTS.c.at, EVENTS.c.id)
        )
        bodies = [(orjson.loads(body), group) for body, group in self._connection.execute(wanted)]
        return [(body["from"], body["to"], group) for body, group in bodies]

    def bound(self, system: str, until: Instant) -> dict[str, str]:
        """The id that each member was last bound to in another system up to `until`."""
        wanted = select(EVENTS.c.member, EVENTS.c.body).where(EVENTS.c.type == "bind", EVENTS.c.at <= until)
        rows = self._connection.execute(wanted.order_by(EVENTS.c.at, EVENTS.c.id))
        bodies = ((row.member, orjson.loads(row.body)) for row in rows)
        return {member: body["external_id"] for member, body in bodies if body.get("system") == system}

    def links(self) -> list[tuple[str, str, dict[str, Any]]]:
        """(type, member, body) of the merges and splits of contact ids, by at, id."""
        wanted = select(EVENTS.c.type, EVENTS.c.member, EVENTS.c.body).where(sql("type IN ('merge', 'split')"))
        rows = self._connection.execute(wanted.order_by(EVENTS.c.at, EVENTS.c.id))
        return [(type_, member, orjson.loads(body)) for type_, member, body in rows]

    def lifetime(self, member: str) -> tuple[Instant, Instant] | None:
        """Times of the first and the last event of a contact id, other than a word on whose it is."""
        deeds = (EVENTS.c.member == member, EVENTS.c.type.not_in(("merge", "split")))
        wanted = select(func.min(EVENTS.c.at), func.max(EVENTS.c.at)).where(*deeds)
        first, last = self._connection.execute(wanted).one()
        return None if first is None else (first, last)

    def first_at(self, *, include_historical: bool = True) -> Instant | None:
        """Time of the earliest event."""
        wanted = select(EVENTS.c.at).order_by(EVENTS.c.at).limit(1)
        return self._connection.scalar(wanted if include_historical else wanted.where(~EVENTS.c.historical))

    def last_at(self) -> Instant | None:
        return self._end()[1]

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(EVENTS)) or 0

    def erase_member(self, member: str) -> int:
        """Delete every event of a member; returns how many."""
        return self._connection.execute(delete(EVENTS).where(EVENTS.c.member == member)).rowcount

    def erase_types(self, member: str, types: Iterable[str]) -> int:
        """Delete a member's events of these types; returns how many."""
        mine = (EVENTS.c.member == member, EVENTS.c.type.in_(sorted(types)))
        return self._connection.execute(delete(EVENTS).where(*mine)).rowcount

    def naming(self, value: str) -> list[EventRow]:
        """Events whose body has this string among its values; looks through the whole log."""
        said = EVENTS.c.body.contains(orjson.dumps(value).decode(), autoescape=True)
        return [EventRow._make(row) for row in self._connection.execute(select(*_ROW).where(said))]

    def rewrite(self, id_: str, body: str) -> None:
        """Put another body in place of an event's."""
        self._connection.execute(update(EVENTS).where(EVENTS.c.id == id_).values(body=body))

    def reword(self, id_: str, text: str) -> None:
        """Put another text in place of a message's; its parts stay."""
        self._connection.execute(update(EVENTS).where(EVENTS.c.id == id_).values(text=text))

    def names_of(self, member: str) -> set[str]:
        """Every name a member's events give him."""
        named = and_(EVENTS.c.member == member, EVENTS.c.body.contains('"name":', autoescape=True))
        bodies = self._connection.scalars(select(EVENTS.c.body).distinct().where(named))
        return {name for body in bodies if isinstance(name := orjson.loads(body).get("name"), str)}

    def blank_commands(self, words: Sequence[str]) -> None:
        """Forget the wording of commands in which one of these words stands."""
        said = or_(*(EVENTS.c.text.contains(word, autoescape=True) for word in words))
        self._connection.execute(update(EVENTS).where(EVENTS.c.role == "command", said).values(text=None))

    def blank(self, member: str, type_: str, until: Instant) -> int:
        """Empty the bodies of a member's events of one type with at ≤ until; that they happened stays known."""
        mine = (EVENTS.c.member == member, EVENTS.c.type == type_, EVENTS.c.at <= until)
        return self._connection.execute(update(EVENTS).where(*mine).values(body="{}", text=None)).rowcount

    def drop_texts(self, before: Instant) -> int:
        """Delete the texts of messages said at `before` or earlier; their parts stay. Returns how many.

        What made a text without a verdict suspicious goes with it.
        """
        old = update(EVENTS).where(EVENTS.c.at <= before, EVENTS.c.text.is_not(None))
        checks = case((EVENTS.c.verdict == "", None), else_=EVENTS.c.checks)
        return self._connection.execute(old.values(text=None, checks=checks)).rowcount

    def drop_network(self, before: Instant, limit: int) -> int:
        """Take IP and User-Agent out of up to `limit` events at `before` or earlier. Returns how many changed."""
        told = or_(*(EVENTS.c.body.contains(f'"{key}":', autoescape=True) for key in NETWORK))
        old = select(EVENTS.c.id, EVENTS.c.body).where(EVENTS.c.type.in_(_RAW), EVENTS.c.at <= before, told)
        rows = self._connection.execute(old.limit(limit)).all()
        for id_, body in rows:
            record = orjson.loads(body)
            self.rewrite(id_, dump_json({key: value for key, value in record.items() if key not in NETWORK}))
        return len(rows)

    def first_checkin(self, after: Instant) -> Instant | None:
        """Time of the first check-in by message in a group after `after`; history is none."""
        wanted = select(EVENTS.c.at).where(EVENTS.c.at > after, *_LIVE_CHECKIN)
        return self._connection.scalar(wanted.order_by(EVENTS.c.at).limit(1))

    def checkins(self, after: Instant, until: Instant) -> dict[str, list[str]]:
        """Who checked in by message in each group, in the order of the first time, each once."""
        wanted = (
            select(EVENTS.c.group_id, EVENTS.c.member)
            .where(_between(after, until), *_LIVE_CHECKIN)
            .order_by(EVENTS.c.at, EVENTS.c.id)
        )
        found: dict[str, list[str]] = {}
        for group, member in self._connection.execute(wanted):
            if member not in found.setdefault(group, []):
                found[group].append(member)
        return found

    def _stream(self, wanted: Select[Any]) -> Iterator[EventRow]:
        result = self._connection.execute(wanted, execution_options={"yield_per": CHUNK})
        for row in result:
            yield EventRow._make(row)
