"""Keyed hashes of the members who asked to be forgotten."""

from __future__ import annotations

from sqlalchemy import Connection, delete, exists, select

from bot.core.instants import Instant
from storage.models import ForgottenRecord
from storage.statements import BatchInsert, keep_first
from storage.types import table_of

FORGOTTEN = table_of(ForgottenRecord)
_ADD = BatchInsert(FORGOTTEN, ("keyed_hash", "at", "reason"), keep_first("keyed_hash"))


class Forgotten:
    """Table forgotten."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, keyed_hash: str, at: Instant, reason: str) -> None:
        """Remember; a hash that is known keeps its first time."""
        _ADD.run(self._connection, [(keyed_hash, at, reason)])

    def has(self, keyed_hash: str) -> bool:
        return bool(self._connection.scalar(select(exists().where(FORGOTTEN.c.keyed_hash == keyed_hash))))

    def all(self) -> list[tuple[str, Instant, str]]:
        """(keyed hash, when, why) of everybody."""
        columns = (FORGOTTEN.c.keyed_hash, FORGOTTEN.c.at, FORGOTTEN.c.reason)
        return [(key, at, why) for key, at, why in self._connection.execute(select(*columns))]

    def any(self) -> bool:
        """Whether anyone was ever forgotten, so that an intake need not hash every member."""
        return bool(self._connection.scalar(select(exists().select_from(FORGOTTEN))))

    def lift(self, keyed_hash: str, consented_at: Instant) -> bool:
        """Lift the block for a consent given after the forgetting. Whether it was lifted."""
        older = delete(FORGOTTEN).where(FORGOTTEN.c.keyed_hash == keyed_hash, FORGOTTEN.c.at < consented_at)
        return self._connection.execute(older).rowcount == 1
