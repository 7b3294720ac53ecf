"""Whose the accounts in other systems are: of all who bound one, the last by time and id has it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from sqlalchemy import Connection, delete, or_, select

from bot.core.instants import Instant
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
_ADD = BatchInsert(BINDINGS, BindingRow._fields, keep_first("event", "account"))


class Bindings:
    """Table bindings."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, rows: Iterable[BindingRow]) -> None:
        _ADD.run(self._connection, rows)

    def owners(self, accounts: Iterable[str]) -> dict[str, str]:
        """Who has each of those accounts that are bound."""
        found: dict[str, str] = {}
        for chunk in chunks(sorted(set(accounts))):
            said = select(BINDINGS.c.account, BINDINGS.c.member).where(BINDINGS.c.account.in_(chunk))
            ordered = said.order_by(BINDINGS.c.account, BINDINGS.c.at, BINDINGS.c.event)
            found.update((account, member) for account, member in self._connection.execute(ordered))
        return found

    def accounts(self, members: Iterable[str]) -> dict[str, str]:
        """The accounts that these members have, each with its owner."""
        mine = set(members)
        bound: set[str] = set()
        for chunk in chunks(mine):
            bound.update(self._connection.scalars(select(BINDINGS.c.account).where(BINDINGS.c.member.in_(chunk))))
        return {account: owner for account, owner in self.owners(bound).items() if owner in mine}

    def delete(self, member: str) -> set[str]:
        """Delete every binding by or of a member; returns whose orders are others now."""
        mine = or_(BINDINGS.c.member == member, BINDINGS.c.account == member)
        accounts = set(self._connection.scalars(select(BINDINGS.c.account).where(mine)))
        before = set(self.owners(accounts).values())
        self._connection.execute(delete(BINDINGS).where(mine))
        return (before | set(self.owners(accounts).values())) - {member}
