"""Whose the accounts in other systems are: of all who bound one, the last by time and id has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, exists, or_, select

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import BindingRecord
from storage.statements import BatchInsert, chunks, keep_first
from storage.types import table_of


class BindingRow(NamedTuple):
    """The `bind` event of a member names an account."""

    event: str
    account: str
    member: str
    at: Instant


BINDINGS = table_of(BindingRecord)
_ANY = select(exists().select_from(BINDINGS))
_ADD = BatchInsert(BINDINGS, BindingRow._fields, keep_first("event", "account"))


class Bindings:
    """Table bindings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[BindingRow]) -> None:
        _ADD.run(self._connection, rows)

    @property
    def any(self) -> bool:
        """Whether anybody ever bound an account."""
        return recall(self._connection, BINDINGS, "any", lambda: bool(self._connection.scalar(_ANY)))

    def owners(self, accounts: Iterable[str]) -> dict[str, str]:
        """Who has each of those accounts that are bound."""
        found: dict[str, str] = {}
        for chunk in chunks(sorted(set(accounts)) if self.any else ()):
            said = select(BINDINGS.c.account, BINDINGS.c.member).where(BINDINGS.c.account.in_(chunk))
            ordered = said.order_by(BINDINGS.c.account, BINDINGS.c.at, BINDINGS.c.event)
            found.update((account, member) for account, member in self._connection.execute(ordered))
        return found

    def accounts(self, members: Iterable[str]) -> dict[str, str]:
        """The accounts that these members have, each with its owner."""
        mine = set(members)
        bound: set[str] = set()
        for chunk in chunks(mine if self.any else ()):
            bound.update(self._connection.scalars(select(BINDINGS.c.account).where(BINDINGS.c.member.in_(chunk))))
        return {account: owner for account, owner in self.owners(bound).items() if owner in mine}

    def delete(self, member: str) -> set[str]:
        """Delete every binding by or of a member; returns whose orders are others now."""
        mine = or_(BINDINGS.c.member == member, BINDINGS.c.account == member)
        accounts = set(self._connection.scalars(select(BINDINGS.c.account).where(mine)))
        before = set(self.owners(accounts).values())
        self._connection.execute(delete(BINDINGS).where(mine))
        return (before | set(self.owners(accounts).values())) - {member}
