"""Outgoing messages: planned, claimed, settled, counted."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, Text, and_, cast, delete, exists, func, or_, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.instants import Instant
from bot.core.seats import Serving
from storage.models import OutboxRecord
from storage.rows import OutboxRow
from storage.serving import not_by, served
from storage.statements import CHUNK, chunks, columns_of
from storage.types import table_of

OUTBOX = table_of(OutboxRecord)
_ROW = columns_of(OUTBOX, OutboxRow)
_NOT_SENT = ("queued", "awaiting")
_DECIDING = 0x71756E6269616F
"""Key of PostgreSQL's lock under which one process at a time decides what to send."""
_PERHAPS_SENT = ("sending", "sent", "unknown")
"""What caps count: a message that may have gone out has used up its place."""


def _gone_out(
    since: Instant, to: tuple[str, str] | None, member: str | None, kinds: Sequence[str] | None, reply: bool | None
) -> list[ColumnElement[bool]]:
    """Messages that went out, or may have, after `since`; `to` is (group or direct, id)."""
    wanted: list[ColumnElement[bool]] = [OUTBOX.c.status.in_(_PERHAPS_SENT), OUTBOX.c.claimed_at > since]
    wanted += [] if to is None else [OUTBOX.c.to_kind == to[0], OUTBOX.c.to_id == to[1]]
    wanted += [] if member is None else [OUTBOX.c.member == member]
    wanted += [] if kinds is None else [OUTBOX.c.kind.in_(kinds)]
    return wanted + ([] if reply is None else [OUTBOX.c.reply == reply])


class Outbox:
    """Table outbox."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[OutboxRow]) -> dict[str, int]:
        """Plan messages; a known dedupe key is left as it is. Returns the new ones: dedupe key → id."""
        insert = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        adding = insert(OUTBOX).on_conflict_do_nothing(index_elements=["dedupe_key"]).returning(OUTBOX.c.id)
        added: dict[str, int] = {}
        for row in rows:
            values = row._asdict()
            del values["id"]
            id_ = self._connection.scalar(adding, values)
            if id_ is not None:
                added[row.dedupe_key] = id_
        return added

    def get(self, id_: int) -> OutboxRow | None:
        return next(iter(self._rows(select(*_ROW).where(OUTBOX.c.id == id_))), None)

    def by_key(self, dedupe_key: str) -> OutboxRow | None:
        return next(iter(self._rows(select(*_ROW).where(OUTBOX.c.dedupe_key == dedupe_key))), None)

    def known(self, dedupe_keys: Iterable[str]) -> set[str]:
        """Those keys that were planned before, whatever became of them."""
        found: set[str] = set()
        for chunk in chunks(dedupe_keys):
            found.update(self._connection.scalars(select(OUTBOX.c.dedupe_key).where(OUTBOX.c.dedupe_key.in_(chunk))))
        return found

    def decide_alone(self) -> None:
        """Until the transaction ends no other process decides what to send: caps are counted, then used."""
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(select(func.pg_advisory_xact_lock(_DECIDING)))

    def claimable(self, now: Instant, limit: int = CHUNK, serving: Serving | None = None) -> list[OutboxRow]:
        """Queued, due, not expired, the longest due first; nothing to a place where a message is just being sent.

        serving: only what this account may send.
        """
        going = OUTBOX.alias("going")
        same_place = and_(going.c.to_kind == OUTBOX.c.to_kind, going.c.to_id == OUTBOX.c.to_id)
        busy = exists().where(going.c.status == "sending", same_place)
        ready = and_(OUTBOX.c.status == "queued", OUTBOX.c.not_before <= now, ~busy, served(serving))
        alive = or_(OUTBOX.c.expires_at.is_(None), OUTBOX.c.expires_at > now)
        return self._rows(select(*_ROW).where(ready, alive).order_by(OUTBOX.c.not_before, OUTBOX.c.id).limit(limit))

    def next_due(self, serving: Serving | None = None) -> Instant | None:
        """When the next queued message becomes due; `serving` as in `claimable`."""
        waiting = and_(OUTBOX.c.status == "queued", served(serving))
        due: Instant | None = self._connection.scalar(select(func.min(OUTBOX.c.not_before)).where(waiting))
        return due

    def claim(self, id_: int, now: Instant, account: str | None = None) -> bool:
        """queued → sending; True for exactly one caller among all processes."""
        mine = and_(OUTBOX.c.id == id_, OUTBOX.c.status == "queued")
        return self._set(mine, status="sending", claimed_at=now, account=func.coalesce(account, OUTBOX.c.account)) == 1

    def settle(self, id_: int, status: str, reason: str = "", platform_id: str | None = None, *, now: Instant) -> None:
        """Write down what became of a message. A message that went out without a claim counts from `now`."""
        values: dict[str, Any] = {"status": status, "reason": reason, "settled_at": now}
        if platform_id is not None:
            values["platform_id"] = platform_id
        if status in _PERHAPS_SENT:
            values["claimed_at"] = func.coalesce(OUTBOX.c.claimed_at, now)
        self._set(OUTBOX.c.id == id_, **values)

    def postpone(self, id_: int, not_before: Instant, reason: str) -> None:
        """Let a queued or claimed message wait for a later time."""
        here = and_(OUTBOX.c.id == id_, OUTBOX.c.status.in_(("queued", "sending")))
        self._set(here, status="queued", claimed_at=None, not_before=not_before, reason=reason)

    def recover(
        self,
        now: Instant,
        account: str | None = None,
        claimed_before: Instant | None = None,
        sparing: Collection[str] = (),
    ) -> int:
        """What a crash left in sending becomes unknown and is never sent again by itself.

        claimed_before: only what was claimed earlier than this, while other processes may be sending; sparing: not what
        these accounts are sending.
        """
        left = [OUTBOX.c.status == "sending", *not_by(sparing)]
        left += [] if account is None else [OUTBOX.c.account == account]
        left += [] if claimed_before is None else [OUTBOX.c.claimed_at < claimed_before]
        mine = and_(*left)
        return self._set(mine, status="unknown", reason="程序中断，不知是否送达", settled_at=now)

    def expire(self, now: Instant) -> int:
        """Planned messages whose time has passed become expired."""
        late = and_(OUTBOX.c.status.in_(_NOT_SENT), OUTBOX.c.expires_at <= now)
        return self._set(late, status="expired", reason="已过有效期", settled_at=now)

    def release(self, batch: str, now: Instant) -> int:
        """A confirmed batch may go: awaiting → queued."""
        waiting = and_(OUTBOX.c.batch == batch, OUTBOX.c.status == "awaiting")
        return self._set(waiting, status="queued", not_before=now)

    def cancel(
        self,
        *,
        now: Instant,
        reason: str,
        member: str | None = None,
        kinds: Sequence[str] | None = None,
        batch: str | None = None,
    ) -> int:
        """Cancel planned messages: those that concern `member`, of `kinds`, of `batch` (all that are given)."""
        wanted: list[ColumnElement[bool]] = [OUTBOX.c.status.in_(_NOT_SENT)]
        wanted += [] if member is None else [OUTBOX.c.member == member]
        wanted += [] if kinds is None else [OUTBOX.c.kind.in_(kinds)]
        wanted += [] if batch is None else [OUTBOX.c.batch == batch]
        return self._set(and_(*wanted), status="cancelled", reason=reason, settled_at=now)

    def take_waiting(self, kind: str, group: str) -> list[OutboxRow]:
        """Take back the queued messages of a kind to a group, which are about to be planned anew."""
        mine = and_(
            OUTBOX.c.status == "queued", OUTBOX.c.kind == kind, OUTBOX.c.to_kind == "group", OUTBOX.c.to_id == group
        )
        taken = self._connection.execute(delete(OUTBOX).where(mine).returning(*_ROW))
        return sorted((OutboxRow._make(row) for row in taken), key=lambda row: row.id)

    def reword(self, id_: int, text: str, mentions: Sequence[str]) -> None:
        """Say a waiting message in other words, to fewer people."""
        self._set(OUTBOX.c.id == id_, text=text, mentions=list(mentions))

    def to_group(self, kind: str, group: str, since: Instant) -> list[OutboxRow]:
        """Messages of a kind to a group that were due at `since` or later, whatever became of them."""
        mine = and_(OUTBOX.c.kind == kind, OUTBOX.c.to_kind == "group", OUTBOX.c.to_id == group)
        return self._rows(select(*_ROW).where(mine, OUTBOX.c.not_before >= since).order_by(OUTBOX.c.id))

    def naming(self, member: str) -> list[OutboxRow]:
        """Messages to groups that mention a member or were planned because of him among others."""
        told = f'%"{member}"%'
        named = or_(cast(OUTBOX.c.mentions, Text).like(told), cast(OUTBOX.c.cause, Text).like(told))
        return self._rows(select(*_ROW).where(named).order_by(OUTBOX.c.id))

    def quoting(self, words: Sequence[str]) -> list[OutboxRow]:
        """Messages that are no longer waiting in whose text one of these words stands."""
        said = or_(*(OUTBOX.c.text.contains(word, autoescape=True) for word in words))
        return self._rows(select(*_ROW).where(OUTBOX.c.status.not_in((*_NOT_SENT, "sending")), said))

    def rewrite(self, id_: int, text: str, mentions: Sequence[str], cause: Mapping[str, Any]) -> None:
        """Put other words in the place of what was planned or said."""
        self._set(OUTBOX.c.id == id_, text=text, mentions=list(mentions), cause=dict(cause))

    def gone_out(
        self,
        since: Instant,
        *,
        to: tuple[str, str] | None = None,
        member: str | None = None,
        kinds: Sequence[str] | None = None,
        reply: bool | None = None,
        besides: Collection[str] = (),
    ) -> list[Instant]:
        """When the messages that `sent_since` counts went out, oldest first; not by the accounts `besides`."""
        wanted = _gone_out(since, to, member, kinds, reply) + not_by(besides)
        return list(self._connection.scalars(select(OUTBOX.c.claimed_at).where(*wanted).order_by(OUTBOX.c.claimed_at)))

    def hold(self, id_: int, batch: str, reason: str) -> None:
        """Let a queued message wait for a person's word."""
        here = and_(OUTBOX.c.id == id_, OUTBOX.c.status == "queued")
        self._set(here, status="awaiting", batch=batch, reason=reason)

    def let_go(self, ids: Sequence[int], now: Instant, batch: str) -> int:
        """Confirmed one by one: awaiting → queued, marked so that nobody is asked again."""
        waiting = and_(OUTBOX.c.id.in_(ids), OUTBOX.c.status == "awaiting")
        return self._set(waiting, status="queued", not_before=now, batch=batch, reason="")

    def drop(self, ids: Sequence[int], now: Instant, reason: str) -> int:
        """Refused one by one: awaiting → cancelled."""
        waiting = and_(OUTBOX.c.id.in_(ids), OUTBOX.c.status == "awaiting")
        return self._set(waiting, status="cancelled", reason=reason, settled_at=now)

    def sent_since(
        self,
        since: Instant,
        *,
        to: tuple[str, str] | None = None,
        member: str | None = None,
        kinds: Sequence[str] | None = None,
        reply: bool | None = None,
        account: str | None = None,
    ) -> int:
        """How many messages went out, or may have, with claimed_at > since; `to` is (group or direct, id)."""
        wanted = _gone_out(since, to, member, kinds, reply)
        wanted += [] if account is None else [OUTBOX.c.account == account]
        return self._connection.scalar(select(func.count()).select_from(OUTBOX).where(*wanted)) or 0

    def count_sent_by_kind(self, since: Instant) -> dict[str, int]:
        """How many messages of each kind went out, or may have, with claimed_at > since; the most first."""
        count = func.count()
        wanted = select(OUTBOX.c.kind, count).where(*_gone_out(since, None, None, None, None))
        wanted = wanted.group_by(OUTBOX.c.kind).order_by(count.desc(), OUTBOX.c.kind)
        return {row.kind: row[1] for row in self._connection.execute(wanted)}

    def count_unsent_by_reason(self, since: Instant) -> dict[str, int]:
        """Why messages failed, or are not known to have arrived, settled after `since`; the most first."""
        count = func.count()
        wanted = select(OUTBOX.c.reason, count).where(
            OUTBOX.c.status.in_(("failed", "unknown")), OUTBOX.c.settled_at > since
        )
        wanted = wanted.group_by(OUTBOX.c.reason).order_by(count.desc(), OUTBOX.c.reason)
        return {row.reason: row[1] for row in self._connection.execute(wanted)}

    def count_by_status(self) -> dict[str, int]:
        """How many messages there are of each status."""
        wanted = select(OUTBOX.c.status, func.count()).group_by(OUTBOX.c.status).order_by(OUTBOX.c.status)
        return {row.status: row[1] for row in self._connection.execute(wanted)}

    def count_settled(self, since: Instant) -> list[tuple[str, str, int]]:
        """How messages ended after `since` that did not simply go out: state, reason, how many; the most first."""
        count = func.count()
        ended = (OUTBOX.c.settled_at > since, OUTBOX.c.status != "sent")
        wanted = select(OUTBOX.c.status, OUTBOX.c.reason, count).where(*ended)
        wanted = wanted.group_by(OUTBOX.c.status, OUTBOX.c.reason)
        rows = self._connection.execute(wanted.order_by(count.desc(), OUTBOX.c.status, OUTBOX.c.reason))
        return [(status, reason, number) for status, reason, number in rows]

    def latest(self, status: str, limit: int) -> list[OutboxRow]:
        """The last planned ones of a status, the latest first."""
        return self._rows(select(*_ROW).where(OUTBOX.c.status == status).order_by(OUTBOX.c.id.desc()).limit(limit))

    def page(
        self,
        *,
        status: str | None = None,
        member: str | None = None,
        kind: str | None = None,
        after_id: int = 0,
        limit: int = CHUNK,
    ) -> list[OutboxRow]:
        """The next rows by id."""
        wanted = select(*_ROW).where(OUTBOX.c.id > after_id).order_by(OUTBOX.c.id).limit(limit)
        if kind is not None:
            wanted = wanted.where(OUTBOX.c.kind == kind)
        if status is not None:
            wanted = wanted.where(OUTBOX.c.status == status)
        return self._rows(wanted if member is None else wanted.where(OUTBOX.c.member == member))

    def delete(self, member: str) -> int:
        """Delete what concerns a member or was said to him directly."""
        direct = and_(OUTBOX.c.to_kind == "direct", OUTBOX.c.to_id == member)
        return self._connection.execute(delete(OUTBOX).where(or_(OUTBOX.c.member == member, direct))).rowcount

    def _set(self, where: ColumnElement[bool], **values: Any) -> int:
        return self._connection.execute(update(OUTBOX).where(where).values(**values)).rowcount

    def _rows(self, wanted: Select[Any]) -> list[OutboxRow]:
        return [OutboxRow._make(row) for row in self._connection.execute(wanted)]
