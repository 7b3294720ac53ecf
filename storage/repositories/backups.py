"""Whom the appointments of admins name as their backups."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Column, Connection, delete, exists, or_, select

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import BackupRecord
from storage.statements import BatchInsert, chunks, keep_first
from storage.types import table_of


class BackupRow(NamedTuple):
    """The appointment `event` of an admin (`member`) names his backup."""

    event: str
    member: str
    backup: str
    at: Instant


BACKUPS = table_of(BackupRecord)
_ANY = select(exists().select_from(BACKUPS))
_ADD = BatchInsert(BACKUPS, BackupRow._fields, keep_first("event"))


class Backups:
    """Table backups."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[BackupRow]) -> None:
        _ADD.run(self._connection, rows)

    def of_admins(self, members: Iterable[str]) -> dict[str, set[str]]:
        """Everybody whom these admins ever named, by admin."""
        return self._pairs(BACKUPS.c.member, BACKUPS.c.backup, members)

    def of_backups(self, members: Iterable[str]) -> dict[str, set[str]]:
        """Every admin who ever named these members, by member."""
        return self._pairs(BACKUPS.c.backup, BACKUPS.c.member, members)

    def _pairs(self, key: Column[str], other: Column[str], members: Iterable[str]) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        if not recall(self._connection, BACKUPS, "any", lambda: bool(self._connection.scalar(_ANY))):
            return found
        for chunk in chunks(members):
            for one, another in self._connection.execute(select(key, other).where(key.in_(chunk))):
                found.setdefault(one, set()).add(another)
        return found

    def delete(self, member: str) -> dict[str, Instant]:
        """Delete every naming by or of a member; returns since when each backup's past is another."""
        named = select(BACKUPS.c.backup, BACKUPS.c.at).where(BACKUPS.c.member == member)
        touched: dict[str, Instant] = {}
        for backup, at in self._connection.execute(named):
            touched[backup] = min(at, touched.get(backup, at))
        mine = or_(BACKUPS.c.member == member, BACKUPS.c.backup == member)
        self._connection.execute(delete(BACKUPS).where(mine))
        return touched
