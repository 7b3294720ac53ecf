"""Rule-set versions and from when each one decided."""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Select, func, select

from bot.core.instants import Instant
from storage.models import ActivationRecord, RuleSetRecord
from storage.rows import ActivationRow, RuleSetRow
from storage.statements import BatchInsert, columns_of, replace_row
from storage.types import table_of

RULE_SETS = table_of(RuleSetRecord)
ACTIVATIONS = table_of(ActivationRecord)
_ROW = columns_of(RULE_SETS, RuleSetRow)
_ADD = BatchInsert(RULE_SETS, RuleSetRow._fields)
_ACTIVATE = BatchInsert(ACTIVATIONS, ActivationRow._fields, replace_row(ActivationRow, "at"))


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

    def activate(self, number: int, at: Instant, actor: str) -> None:
        """From `at` on this number decides; an older number rolls back."""
        _ACTIVATE.run(self._connection, [ActivationRow(at, number, actor)])

    def activations(self) -> list[ActivationRow]:
        """Which number decided from when, oldest first."""
        wanted = select(*columns_of(ACTIVATIONS, ActivationRow)).order_by(ACTIVATIONS.c.at)
        return [ActivationRow._make(row) for row in self._connection.execute(wanted)]

    def active(self, at: Instant) -> RuleSetRow | None:
        """The rule set that decides at a time."""
        number = select(ACTIVATIONS.c.number).where(ACTIVATIONS.c.at <= at).order_by(ACTIVATIONS.c.at.desc()).limit(1)
        return self._one(select(*_ROW).where(RULE_SETS.c.number == number.scalar_subquery()))

    def _one(self, wanted: Select[Any]) -> RuleSetRow | None:
        row = self._connection.execute(wanted).first()
        return None if row is None else RuleSetRow._make(row)
