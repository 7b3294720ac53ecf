"""Roles by contact id."""

from __future__ import annotations

from sqlalchemy import ColumnElement, Connection, and_, delete, or_, select, update

from bot.core.instants import Instant
from storage.models import RoleRecord
from storage.rows import RoleRow
from storage.statements import BatchInsert, columns_of, replace_row
from storage.types import table_of

ROLES = table_of(RoleRecord)
_ROW = columns_of(ROLES, RoleRow)
_GRANT = BatchInsert(ROLES, RoleRow._fields, replace_row(RoleRow, "member", "role"))


def _in_force(at: Instant) -> ColumnElement[bool]:
    return and_(ROLES.c.granted_at <= at, or_(ROLES.c.until.is_(None), ROLES.c.until > at))


class Roles:
    """Table roles."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def grant(self, row: RoleRow) -> None:
        """Give a role, or renew its term."""
        _GRANT.run(self._connection, [row])

    def revoke(self, member: str, role: str) -> bool:
        """Whether the role was held."""
        mine = delete(ROLES).where(ROLES.c.member == member, ROLES.c.role == role)
        return self._connection.execute(mine).rowcount == 1

    def of(self, member: str, at: Instant) -> list[RoleRow]:
        """The roles a member holds at a time, by role."""
        wanted = select(*_ROW).where(ROLES.c.member == member, _in_force(at)).order_by(ROLES.c.role)
        return [RoleRow._make(row) for row in self._connection.execute(wanted)]

    def holders(self, role: str, at: Instant) -> list[RoleRow]:
        """Who holds a role at a time, by member."""
        wanted = select(*_ROW).where(ROLES.c.role == role, _in_force(at)).order_by(ROLES.c.member)
        return [RoleRow._make(row) for row in self._connection.execute(wanted)]

    def all(self) -> list[RoleRow]:
        """Every row, terms that ended included."""
        rows = self._connection.execute(select(*_ROW).order_by(ROLES.c.member, ROLES.c.role))
        return [RoleRow._make(row) for row in rows]

    def delete(self, member: str) -> int:
        """Delete a member's roles, and his name from those of others; returns how many he had."""
        for named in (ROLES.c.backup, ROLES.c.granted_by):
            self._connection.execute(update(ROLES).where(named == member).values({named: None}))
        return self._connection.execute(delete(ROLES).where(ROLES.c.member == member)).rowcount
