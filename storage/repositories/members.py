"""Members: who they are, as shown in lists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from sqlalchemy import Connection, bindparam, delete, exists, func, or_, select

from bot.core.instants import Instant
from storage.models import LinkRecord, MemberRecord, MembershipRecord, TagRecord
from storage.repositories.links import Links
from storage.rows import MemberRow
from storage.statements import CHUNK, BatchInsert, chunks, columns_of, replace_row
from storage.types import table_of

MEMBERS = table_of(MemberRecord)
_MEMBERSHIPS = table_of(MembershipRecord)
_TAGS = table_of(TagRecord)
_LINKS = table_of(LinkRecord)
_ROW = columns_of(MEMBERS, MemberRow)
_GET = select(*_ROW).where(MEMBERS.c.member.in_(bindparam("members", expanding=True)))
_SAVE = BatchInsert(MEMBERS, MemberRow._fields, replace_row(MemberRow, "member"))
_FOLDED = BatchInsert(MEMBERS, MemberRow._fields, replace_row(MemberRow, "member", keep=("name", "minor")))
_NAMED = BatchInsert(
    MEMBERS,
    MemberRow._fields,
    "ON CONFLICT (member) DO UPDATE SET name = CASE WHEN excluded.name <> '' THEN excluded.name ELSE members.name END",
)


class Members:
    """Table members."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, member: str) -> MemberRow | None:
        return self.get_many([member]).get(member)

    def get_many(self, members: Iterable[str]) -> dict[str, MemberRow]:
        found: dict[str, MemberRow] = {}
        for chunk in chunks(members):
            rows = self._connection.execute(_GET, {"members": chunk})
            found.update((row.member, MemberRow._make(row)) for row in rows)
        return found

    def save(self, rows: Iterable[MemberRow]) -> None:
        """Write whole rows, new or known."""
        _SAVE.run(self._connection, rows)

    def save_folded(self, rows: Iterable[MemberRow]) -> None:
        """Write what a fold found; the name and the mark of a minor stay as they are."""
        _FOLDED.run(self._connection, rows)

    def introduce(self, names: Mapping[str, str]) -> None:
        """Make sure these members are there; a name that is not empty becomes theirs. A former contact id is none."""
        former = Links(self._connection).mains(names)
        rows = (MemberRow(member, name) for member, name in names.items() if member not in former)
        _NAMED.run(self._connection, rows)

    def page(
        self,
        after: str | None = None,
        limit: int = CHUNK,
        *,
        group: str | None = None,
        path: str | None = None,
        value: str | None = None,
    ) -> list[MemberRow]:
        """The next members in id order: those ever seen in `group`, and holding tag `path` (with `value`)."""
        place, wanted = MEMBERS.c.member, select(*_ROW)
        if path is not None and value is not None:
            place = _TAGS.c.member  # the page is found in the index of tags, not by a look at every member
            holds = (_TAGS.c.path == path, _TAGS.c.value == value)
            wanted = wanted.join(_TAGS, _TAGS.c.member == MEMBERS.c.member).where(*holds)
        elif path is not None:
            wanted = wanted.where(exists().where(_TAGS.c.member == MEMBERS.c.member, _TAGS.c.path == path))
        wanted = wanted.order_by(place).limit(limit)
        if after is not None:
            wanted = wanted.where(place > after)
        if group is not None:
            here = _MEMBERSHIPS.c.group_id == group
            own = exists().where(here, _MEMBERSHIPS.c.member == MEMBERS.c.member)
            relinked = select(_LINKS.c.member).join(_MEMBERSHIPS, _MEMBERSHIPS.c.member == _LINKS.c.old).where(here)
            wanted = wanted.where(or_(own, MEMBERS.c.member.in_(relinked)))
        return [MemberRow._make(row) for row in self._connection.execute(wanted)]

    def every_name(self) -> set[str]:
        """Every name and every nickname that is known."""
        found: set[str] = set()
        for column in (MEMBERS.c.name, _MEMBERSHIPS.c.name):
            found.update(self._connection.scalars(select(column).distinct()))
        return found

    def by_name(self, name: str) -> list[MemberRow]:
        """Everyone called so, by own name or by nickname in a group, in id order."""
        nicknamed = select(_MEMBERSHIPS.c.member).where(_MEMBERSHIPS.c.name == name)
        wanted = select(*_ROW).where(or_(MEMBERS.c.name == name, MEMBERS.c.member.in_(nicknamed)))
        return [MemberRow._make(row) for row in self._connection.execute(wanted.order_by(MEMBERS.c.member))]

    def staged_since(self, after: Instant) -> Iterator[tuple[Instant, bool]]:
        """When those who came after an instant, and have a stage, came; whether that is inferred. The latest first."""
        came = select(MEMBERS.c.joined_at, MEMBERS.c.inferred).where(MEMBERS.c.joined_at > after)
        rows = self._connection.execute(came.where(MEMBERS.c.stage.is_not(None)).order_by(MEMBERS.c.joined_at.desc()))
        return ((row.joined_at, row.inferred) for row in rows)

    def count(self) -> int:
        return self._connection.scalar(select(func.count()).select_from(MEMBERS)) or 0

    def count_met(self) -> int:
        """Those who joined or did something, not those only spoken of."""
        met = select(func.count()).select_from(MEMBERS).where(MEMBERS.c.joined_at.is_not(None))
        return self._connection.scalar(met) or 0

    def delete(self, member: str) -> int:
        return self._connection.execute(delete(MEMBERS).where(MEMBERS.c.member == member)).rowcount
