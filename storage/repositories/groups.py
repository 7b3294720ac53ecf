"""Groups and who is in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, case, delete, func, select

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import GroupRecord, LinkRecord, MembershipRecord
from storage.rows import GroupRow, MembershipRow, Sighting
from storage.statements import BatchInsert, chunks, columns_of, replace_row
from storage.types import table_of

GROUPS = table_of(GroupRecord)
MEMBERSHIPS = table_of(MembershipRecord)
_LINKS = table_of(LinkRecord)
_GROUP = columns_of(GROUPS, GroupRow)
_MEMBERSHIP = columns_of(MEMBERSHIPS, MembershipRow)
_SAVE = BatchInsert(GROUPS, GroupRow._fields, replace_row(GroupRow, "id"))

# Sightings may arrive in any order: the latest in time says present or not, and the latest that has a name names.
_MERGE = """ON CONFLICT (group_id, member) DO UPDATE SET
    first_at = CASE WHEN excluded.first_at < memberships.first_at THEN excluded.first_at ELSE memberships.first_at END,
    last_at = CASE WHEN excluded.last_at > memberships.last_at THEN excluded.last_at ELSE memberships.last_at END,
    present = CASE WHEN excluded.last_at >= memberships.last_at THEN excluded.present ELSE memberships.present END,
    name = CASE WHEN excluded.name <> '' AND (memberships.name = '' OR excluded.last_at >= memberships.last_at)
                THEN excluded.name ELSE memberships.name END"""
_SEEN = BatchInsert(MEMBERSHIPS, MembershipRow._fields, _MERGE)


class Groups:
    """Tables groups and memberships."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, group: str) -> GroupRow | None:
        return self._by_id().get(group)

    def all(self) -> list[GroupRow]:
        return list(self._by_id().values())

    def _by_id(self) -> Mapping[str, GroupRow]:
        return recall(self._connection, GROUPS, "all", self._read)

    def _read(self) -> dict[str, GroupRow]:
        rows = self._connection.execute(select(*_GROUP).order_by(GROUPS.c.id))
        return {row.id: GroupRow._make(row) for row in rows}

    def save(self, rows: Iterable[GroupRow]) -> None:
        """Write whole rows, new or known."""
        _SAVE.run(self._connection, rows)

    def names(self, groups: Iterable[str]) -> dict[str, str]:
        """Names of the known ones."""
        found: dict[str, str] = {}
        for chunk in chunks(groups):
            rows = self._connection.execute(select(GROUPS.c.id, GROUPS.c.name).where(GROUPS.c.id.in_(chunk)))
            found.update((id_, name) for id_, name in rows)
        return found

    def seen(self, sightings: Iterable[Sighting]) -> None:
        """Merge sightings into the memberships; their order does not matter."""
        rows = (MembershipRow(s.group_id, s.member, s.at, s.at, s.present, s.name) for s in sightings)
        _SEEN.run(self._connection, rows)

    def of_member(self, member: str) -> list[MembershipRow]:
        """A member's groups, also those left, in group id order."""
        return self.of_members([member]).get(member, [])

    def of_members(self, members: Iterable[str]) -> dict[str, list[MembershipRow]]:
        found: dict[str, list[MembershipRow]] = {}
        for chunk in chunks(members):
            wanted = select(*_MEMBERSHIP).where(MEMBERSHIPS.c.member.in_(chunk)).order_by(MEMBERSHIPS.c.group_id)
            for row in self._connection.execute(wanted):
                found.setdefault(row.member, []).append(MembershipRow._make(row))
        return found

    def present_members(self, group: str) -> list[MembershipRow]:
        """Who is in the group now, in member id order."""
        here = select(*_MEMBERSHIP).where(MEMBERSHIPS.c.group_id == group, MEMBERSHIPS.c.present)
        return [MembershipRow._make(row) for row in self._connection.execute(here.order_by(MEMBERSHIPS.c.member))]

    def departed(self, before: Instant, limit: int) -> list[str]:
        """Members who are in no group any more, under whatever contact id, and were last seen in one at `before` or
        earlier, in id order."""
        present = func.max(case((MEMBERSHIPS.c.present, 1), else_=0))
        person = func.coalesce(_LINKS.c.member, MEMBERSHIPS.c.member)
        seen = select(person).select_from(MEMBERSHIPS.outerjoin(_LINKS, _LINKS.c.old == MEMBERSHIPS.c.member))
        gone = seen.group_by(person).having(present == 0, func.max(MEMBERSHIPS.c.last_at) <= before).order_by(person)
        return list(self._connection.scalars(gone.limit(limit)))

    def delete_member(self, member: str) -> int:
        """Delete a member's memberships."""
        return self._connection.execute(delete(MEMBERSHIPS).where(MEMBERSHIPS.c.member == member)).rowcount
