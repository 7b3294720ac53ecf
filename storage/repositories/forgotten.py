"""Keyed hashes of the members who asked to be forgotten."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, select, update

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import ForgottenRecord
from storage.statements import BatchInsert, keep_first
from storage.types import table_of

FORGOTTEN = table_of(ForgottenRecord)
_ANY = select(exists().select_from(FORGOTTEN))
_ADD = BatchInsert(FORGOTTEN, ("keyed_hash", "at", "reason"), keep_first("keyed_hash"))


class Forgotten:
    """Table forgotten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.touched = False
        """Whether this unit of work deleted what was kept of somebody: the files still hold it."""

    def add(self, keyed_hash: str, at: Instant, reason: str) -> None:
        """Remember; a hash that is known keeps its first time."""
        self.touched = True
        _ADD.run(self._connection, [(keyed_hash, at, reason)])

    def has(self, keyed_hash: str, reason: str | None = None) -> bool:
        """Whether a hash is known, for this reason if one is given."""
        wanted = [FORGOTTEN.c.keyed_hash == keyed_hash]
        wanted += [] if reason is None else [FORGOTTEN.c.reason == reason]
        return bool(self._connection.scalar(select(exists().where(*wanted))))

    def all(self) -> list[tuple[str, Instant, str]]:
        """(keyed hash, when, why) of everybody."""
        columns = (FORGOTTEN.c.keyed_hash, FORGOTTEN.c.at, FORGOTTEN.c.reason)
        return [(key, at, why) for key, at, why in self._connection.execute(select(*columns))]

    def any(self) -> bool:
        """Whether anyone was ever forgotten, so that an intake need not hash every member."""
        return recall(self._connection, FORGOTTEN, "any", lambda: bool(self._connection.scalar(_ANY)))

    def name_reason(self, keyed_hash: str, reason: str) -> None:
        """Put another reason to a hash that is known."""
        known = update(FORGOTTEN).where(FORGOTTEN.c.keyed_hash == keyed_hash)
        self._connection.execute(known.values(reason=reason))

    def free(self, keyed_hash: str, reason: str) -> bool:
        """Lift a block that stands for this reason. Whether there was one."""
        lifted = delete(FORGOTTEN).where(FORGOTTEN.c.keyed_hash == keyed_hash, FORGOTTEN.c.reason == reason)
        return self._connection.execute(lifted).rowcount == 1

    def lift(self, keyed_hash: str, consented_at: Instant, lasting: str) -> bool:
        """Lift the block for a consent given after it, unless its reason is `lasting`. Whether it was lifted."""
        older = (FORGOTTEN.c.at < consented_at, FORGOTTEN.c.reason != lasting)
        lifted = delete(FORGOTTEN).where(FORGOTTEN.c.keyed_hash == keyed_hash, *older)
        return self._connection.execute(lifted).rowcount == 1
