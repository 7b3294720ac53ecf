"""Tags held now, and the history of every gain and loss."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import Connection, case, delete, distinct, exists, func, or_, select

from bot.core.instants import Instant
from storage.models import MemberRecord, TagChangeRecord, TagRecord
from storage.rows import TagChangeRow, TagRow
from storage.statements import BatchInsert, chunks, columns_of, replace_row
from storage.types import table_of

TAGS = table_of(TagRecord)
CHANGES = table_of(TagChangeRecord)
_MEMBERS = table_of(MemberRecord)
_ROW = columns_of(TAGS, TagRow)
_CHANGE = columns_of(CHANGES, TagChangeRow)
_GAIN = BatchInsert(TAGS, TagRow._fields, replace_row(TagRow, "member", "path", "value"))
_ADD_CHANGES = BatchInsert(CHANGES, TagChangeRow._fields)
_LOSE = "DELETE FROM tags WHERE member = ? AND path = ? AND value = ?"

Key = tuple[str, str, str]
"""(member, path, value)."""


class Tags:
    """Tables tags and tag_changes."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_members(self, members: Iterable[str]) -> dict[str, list[TagRow]]:
        """Tags by member (only those with any), each list by path, value."""
        found: dict[str, list[TagRow]] = {}
        for chunk in chunks(members):
            wanted = select(*_ROW).where(TAGS.c.member.in_(chunk)).order_by(TAGS.c.member, TAGS.c.path, TAGS.c.value)
            for row in self._connection.execute(wanted):
                found.setdefault(row.member, []).append(TagRow._make(row))
        return found

    def apply(self, gains: Iterable[TagRow], losses: Iterable[Key]) -> None:
        """Take tags away, then write tags (new, or renewed with fresh weight, expiry and reasons)."""
        sql = _LOSE if self._connection.dialect.name == "sqlite" else _LOSE.replace("?", "%s")
        for chunk in chunks(losses):
            self._connection.exec_driver_sql(sql, chunk)
        _GAIN.run(self._connection, gains)

    def count_by(self, path: str) -> dict[str, int]:
        """How many members hold each value of a path."""
        wanted = select(TAGS.c.value, func.count()).where(TAGS.c.path == path).group_by(TAGS.c.value)
        return {row.value: row[1] for row in self._connection.execute(wanted.order_by(TAGS.c.value))}

    def was_held(self, path: str) -> bool:
        """Whether anybody ever held a tag under the path."""
        return bool(self._connection.scalar(select(exists().where(CHANGES.c.path == path))))

    def paths(self) -> list[str]:
        """Every path that somebody holds a tag under."""
        return list(self._connection.scalars(select(TAGS.c.path).distinct().order_by(TAGS.c.path)))

    def spread(self, paths: Collection[str], since: Instant) -> tuple[int, int, int]:
        """Under these paths: members with a tag, tags, and tags given or with a member heard of from `since` on."""
        recent = or_(TAGS.c.since >= since, _MEMBERS.c.last_interaction >= since)
        counted = select(func.count(distinct(TAGS.c.member)), func.count(), func.count(case((recent, 1))))
        found = counted.join_from(TAGS, _MEMBERS, TAGS.c.member == _MEMBERS.c.member).where(TAGS.c.path.in_(paths))
        holders, tags, fresh = self._connection.execute(found).one()
        return holders, tags, fresh

    def nth_holder(self, path: str, place: int) -> tuple[str, str]:
        """Member and value of one tag under a path, counted from 0 in the order of members and values."""
        wanted = select(TAGS.c.member, TAGS.c.value).where(TAGS.c.path == path).order_by(TAGS.c.member, TAGS.c.value)
        member, value = self._connection.execute(wanted.offset(place).limit(1)).one()
        return member, value

    def holders(self, path: str, value: str) -> list[str]:
        """Members who hold a tag, in id order."""
        wanted = select(TAGS.c.member).where(TAGS.c.path == path, TAGS.c.value == value).order_by(TAGS.c.member)
        return list(self._connection.scalars(wanted))

    def holders_by_rule(self, path: str, value: str, rule: str) -> list[str]:
        """Members to whom this rule gave a tag, in no order."""
        wanted = select(TAGS.c.member).where(TAGS.c.path == path, TAGS.c.value == value, TAGS.c.rule == rule)
        return list(self._connection.scalars(wanted))

    def delete(self, member: str) -> int:
        """Delete a member's tags; the history goes with `replace_changes(member, ())`."""
        return self._connection.execute(delete(TAGS).where(TAGS.c.member == member)).rowcount

    def add_changes(self, rows: Iterable[TagChangeRow]) -> None:
        _ADD_CHANGES.run(self._connection, rows)

    def changes_of(self, member: str, path: str | None = None) -> list[TagChangeRow]:
        """A member's gains and losses, oldest first."""
        wanted = select(*_CHANGE).where(CHANGES.c.member == member).order_by(CHANGES.c.at, CHANGES.c.id)
        if path is not None:
            wanted = wanted.where(CHANGES.c.path == path)
        return [TagChangeRow._make(row) for row in self._connection.execute(wanted)]

    def changed_since(self, after: int, limit: int) -> tuple[set[str], int]:
        """Members of up to `limit` gains and losses after the one numbered `after`, and the number of the last."""
        wanted = select(CHANGES.c.id, CHANGES.c.member).where(CHANGES.c.id > after).order_by(CHANGES.c.id).limit(limit)
        rows = self._connection.execute(wanted).all()
        return {row.member for row in rows}, max((row.id for row in rows), default=after)

    def last_change(self) -> int:
        """The number of the gain or loss written last, 0 before any."""
        return self._connection.scalar(select(func.max(CHANGES.c.id))) or 0

    def replace_changes(self, member: str, rows: Iterable[TagChangeRow], spare: Collection[str] = ()) -> None:
        """Put this history in place of the member's old one, as after a fold from the start; `spare`: rules kept."""
        gone = delete(CHANGES).where(CHANGES.c.member == member)
        self._connection.execute(gone.where(CHANGES.c.rule.not_in(spare)) if spare else gone)
        self.add_changes(rows)

    def cut_changes(self, rules: Collection[str], after: Instant) -> None:
        """Take back what these rules wrote about the time after an instant."""
        self._connection.execute(delete(CHANGES).where(CHANGES.c.at > after, CHANGES.c.rule.in_(rules)))
