"""Who may open which page, found by the keyed hash of what was handed out."""

from __future__ import annotations

from sqlalchemy import Connection, delete, select, update

from bot.core.instants import Instant
from storage.models import PassRecord
from storage.page_rows import PassRow
from storage.statements import BatchInsert, columns_of
from storage.types import table_of

PASSES = table_of(PassRecord)
_ROW = columns_of(PASSES, PassRow)
_ADD = BatchInsert(PASSES, PassRow._fields)


class Passes:
    """Table passes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: PassRow) -> None:
        _ADD.run(self._connection, [row])

    def get(self, keyed_hash: str) -> PassRow | None:
        row = self._connection.execute(select(*_ROW).where(PASSES.c.keyed_hash == keyed_hash)).first()
        return None if row is None else PassRow._make(row)

    def use(self, keyed_hash: str, now: Instant) -> bool:
        """Use it up; True for exactly one caller."""
        fresh = update(PASSES).where(PASSES.c.keyed_hash == keyed_hash, PASSES.c.used_at.is_(None))
        return self._connection.execute(fresh.values(used_at=now)).rowcount == 1

    def extend(self, keyed_hash: str, until: Instant) -> None:
        self._connection.execute(update(PASSES).where(PASSES.c.keyed_hash == keyed_hash).values(expires_at=until))

    def revoke(self, member: str, purpose: str) -> int:
        """Delete a member's passes for one purpose."""
        mine = delete(PASSES).where(PASSES.c.member == member, PASSES.c.purpose == purpose)
        return self._connection.execute(mine).rowcount

    def delete(self, member: str) -> int:
        """Delete all of a member's passes."""
        return self._connection.execute(delete(PASSES).where(PASSES.c.member == member)).rowcount

    def drop_expired(self, now: Instant) -> int:
        return self._connection.execute(delete(PASSES).where(PASSES.c.expires_at <= now)).rowcount
