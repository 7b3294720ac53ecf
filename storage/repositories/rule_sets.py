"""Rule-set versions and from when each one decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, inspect, select, update

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import ActivationRecord, RuleSetRecord
from storage.rows import ActivationRow, RuleSetRow
from storage.statements import BatchInsert, columns_of
from storage.types import table_of

RULE_SETS = table_of(RuleSetRecord)
ACTIVATIONS = table_of(ActivationRecord)
_ROW = columns_of(RULE_SETS, RuleSetRow)
_STAMP = select(func.max(ACTIVATIONS.c.id), func.max(ACTIVATIONS.c.voided_at))
_ADD = BatchInsert(RULE_SETS, RuleSetRow._fields)
_ACTIVATE = BatchInsert(ACTIVATIONS, ActivationRow._fields[:-1])


class RuleSets:
    """Tables rule_sets and activations."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, *, digest: str, author: str, note: str, created_at: Instant, content: str) -> int:
        """Keep a rule set; returns its number, the old one when this digest is known."""
        known = self.by_digest(digest)
        if known is not None:
            return known.number
        number = 1 + (self._connection.scalar(select(func.max(RULE_SETS.c.number))) or 0)
        _ADD.run(self._connection, [RuleSetRow(number, digest, author, note, created_at, content)])
        return number

    def get(self, number: int) -> RuleSetRow | None:
        return self._one(select(*_ROW).where(RULE_SETS.c.number == number))

    def by_digest(self, digest: str) -> RuleSetRow | None:
        return self._one(select(*_ROW).where(RULE_SETS.c.digest == digest))

    def all(self) -> list[RuleSetRow]:
        """Every version, by number."""
        return [RuleSetRow._make(row) for row in self._connection.execute(select(*_ROW).order_by(RULE_SETS.c.number))]

    def activate(self, number: int, at: Instant, actor: str, note: str = "", recorded_at: Instant = 0) -> None:
        """After `at` this number decides."""
        _ACTIVATE.run(self._connection, [ActivationRow(at, number, actor, note, recorded_at)[:-1]])

    def activations(self) -> list[ActivationRow]:
        """Which number decided from when, oldest first; what was rolled back never did."""
        return [row for row in self.all_activations() if row.voided_at is None]

    def all_activations(self) -> list[ActivationRow]:
        """Every activation, also those rolled back, oldest first."""
        wanted = select(*columns_of(ACTIVATIONS, ActivationRow)).order_by(ACTIVATIONS.c.at, ACTIVATIONS.c.id)
        return [ActivationRow._make(row) for row in self._connection.execute(wanted)]

    def void(self, ids: Sequence[int], now: Instant) -> None:
        """Take activations back, as if they had never been."""
        taken = update(ACTIVATIONS).where(ACTIVATIONS.c.id.in_(ids))
        self._connection.execute(taken.values(voided_at=now))

    def stamp(self) -> tuple[int, int]:
        """Changes whenever the activations do."""
        return recall(self._connection, ACTIVATIONS, "stamp", self._stamp)

    def _stamp(self) -> tuple[int, int]:
        row = self._connection.execute(_STAMP).one()
        return row[0] or 0, row[1] or 0

    def active(self, at: Instant) -> RuleSetRow | None:
        """The rule set that decides once a time is over."""
        held = select(ACTIVATIONS.c.number).where(ACTIVATIONS.c.at <= at, ACTIVATIONS.c.voided_at.is_(None))
        number = held.order_by(ACTIVATIONS.c.at.desc(), ACTIVATIONS.c.id.desc()).limit(1)
        return self._one(select(*_ROW).where(RULE_SETS.c.number == number.scalar_subquery()))

    def is_there(self) -> bool:
        """Whether the database has these tables in their present form."""
        found = inspect(self._connection)
        return found.has_table(ACTIVATIONS.name) and "voided_at" in {
            column["name"] for column in found.get_columns(ACTIVATIONS.name)
        }

    def _one(self, wanted: Select[Any]) -> RuleSetRow | None:
        row = self._connection.execute(wanted).first()
        return None if row is None else RuleSetRow._make(row)
