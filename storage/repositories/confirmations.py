"""What waits for an admin's #确认."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Select, delete, insert, select, update

from bot.core.instants import Instant
from storage.models import ConfirmationRecord
from storage.rows import ConfirmationRow
from storage.statements import columns_of
from storage.types import table_of

CONFIRMATIONS = table_of(ConfirmationRecord)
_ROW = columns_of(CONFIRMATIONS, ConfirmationRow)


class Confirmations:
    """Table confirmations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, row: ConfirmationRow) -> int:
        """Returns the number by which it is confirmed."""
        values = row._asdict()
        del values["id"]
        id_: int = self._connection.execute(insert(CONFIRMATIONS).returning(CONFIRMATIONS.c.id), values).scalar_one()
        return id_

    def get(self, id_: int) -> ConfirmationRow | None:
        return next(iter(self._rows(select(*_ROW).where(CONFIRMATIONS.c.id == id_))), None)

    def pending(self, actor: str, now: Instant) -> list[ConfirmationRow]:
        """What an admin may still confirm, the latest first."""
        mine = select(*_ROW).where(CONFIRMATIONS.c.actor == actor, CONFIRMATIONS.c.status == "pending")
        return self._rows(mine.where(CONFIRMATIONS.c.expires_at > now).order_by(CONFIRMATIONS.c.id.desc()))

    def waiting(self, kinds: Sequence[str]) -> list[ConfirmationRow]:
        """What of these kinds waits, whoever asked for it, the oldest first; what has expired included."""
        mine = select(*_ROW).where(CONFIRMATIONS.c.kind.in_(kinds), CONFIRMATIONS.c.status == "pending")
        return self._rows(mine.order_by(CONFIRMATIONS.c.id))

    def settle(self, id_: int, status: str) -> bool:
        """pending → done or cancelled; True for exactly one caller."""
        waiting = update(CONFIRMATIONS).where(CONFIRMATIONS.c.id == id_, CONFIRMATIONS.c.status == "pending")
        return self._connection.execute(waiting.values(status=status)).rowcount == 1

    def delete(self, member: str) -> int:
        """Delete what a member asked for, and what was asked about him."""
        rows = self._rows(select(*_ROW))
        named = [row.id for row in rows if row.actor == member or _names(row.payload, member)]
        return self._connection.execute(delete(CONFIRMATIONS).where(CONFIRMATIONS.c.id.in_(named))).rowcount

    def _rows(self, wanted: Select[Any]) -> list[ConfirmationRow]:
        return [ConfirmationRow._make(row) for row in self._connection.execute(wanted)]


def _names(payload: Mapping[str, Any], member: str) -> bool:
    return payload.get("member") == member or member in payload.get("by", ())
