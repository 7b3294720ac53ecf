"""What speaks for two contact ids being one person: how they look, when they came and went; what is proposed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, delete, func, or_, select, update

from bot.core.instants import Instant
from storage.link_rows import ContactRow, NicknameRow, ProposalRow, RosterChangeRow
from storage.models import ContactRecord, NicknameRecord, ProposalRecord, RosterChangeRecord
from storage.statements import BatchInsert, chunks, columns_of, keep_first, replace_row
from storage.types import table_of

CONTACTS = table_of(ContactRecord)
NICKNAMES = table_of(NicknameRecord)
CHANGES = table_of(RosterChangeRecord)
PROPOSALS = table_of(ProposalRecord)
_CHANGE = columns_of(CHANGES, RosterChangeRow)
_NICKNAME = columns_of(NICKNAMES, NicknameRow)
_PROPOSAL = columns_of(PROPOSALS, ProposalRow)
_SHOWN = BatchInsert(CONTACTS, ContactRow._fields, replace_row(ContactRow, "member"))
_CALLED = BatchInsert(NICKNAMES, NicknameRow._fields, replace_row(NicknameRow, "group_id", "member"))
_CHANGED = BatchInsert(CHANGES, RosterChangeRow._fields, replace_row(RosterChangeRow, "group_id", "member"))
_PROPOSE = BatchInsert(PROPOSALS, ProposalRow._fields[:-1], keep_first("old", "new"))
OPEN = "open"


class Relinks:
    """Tables contacts, nicknames, roster_changes and proposals."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def contacts(self, members: Iterable[str]) -> dict[str, ContactRow]:
        found: dict[str, ContactRow] = {}
        for chunk in chunks(members):
            wanted = select(*columns_of(CONTACTS, ContactRow)).where(CONTACTS.c.member.in_(chunk))
            found.update((row.member, ContactRow._make(row)) for row in self._connection.execute(wanted))
        return found

    def show(self, rows: Iterable[ContactRow]) -> None:
        """Write whole rows, new or known."""
        _SHOWN.run(self._connection, rows)

    def nicknames(self, members: Iterable[str]) -> list[NicknameRow]:
        """What these call themselves in their groups, by member and group."""
        found: list[NicknameRow] = []
        for chunk in chunks(members):
            wanted = select(*_NICKNAME).where(NICKNAMES.c.member.in_(chunk), NICKNAMES.c.name != "")
            found += [NicknameRow._make(row) for row in self._connection.execute(wanted)]
        return sorted(found)

    def call(self, rows: Iterable[NicknameRow]) -> None:
        _CALLED.run(self._connection, rows)

    def asked(self, group: str, since: Instant) -> set[str]:
        """Whose name in the group was asked after an instant."""
        wanted = select(NICKNAMES.c.member).where(NICKNAMES.c.group_id == group, NICKNAMES.c.at > since)
        return set(self._connection.scalars(wanted))

    def note_changes(self, rows: Iterable[RosterChangeRow]) -> None:
        """Write down who is gone and who is new; the latest word on an id in a group stands."""
        _CHANGED.run(self._connection, rows)

    def back(self, group: str, members: Iterable[str]) -> None:
        """These stand in the group's list: they are not gone."""
        for chunk in chunks(members):
            here = (CHANGES.c.group_id == group, CHANGES.c.gone, CHANGES.c.member.in_(chunk))
            self._connection.execute(delete(CHANGES).where(*here))

    def changes(self, after: Instant) -> list[RosterChangeRow]:
        """Changes noted after an instant, by member and group."""
        wanted = select(*_CHANGE).where(CHANGES.c.at > after).order_by(CHANGES.c.member, CHANGES.c.group_id)
        return [RosterChangeRow._make(row) for row in self._connection.execute(wanted)]

    def of_member(self, member: str) -> list[RosterChangeRow]:
        rows = self._connection.execute(select(*_CHANGE).where(CHANGES.c.member == member))
        return [RosterChangeRow._make(row) for row in rows]

    def last_change(self) -> Instant | None:
        last: Instant | None = self._connection.scalar(select(func.max(CHANGES.c.at)))
        return last

    def forget_changes(self, until: Instant) -> None:
        self._connection.execute(delete(CHANGES).where(CHANGES.c.at <= until))

    def propose(self, rows: Iterable[ProposalRow]) -> int:
        """Add what was never proposed before, whatever became of it; returns how many."""
        return _PROPOSE.run(self._connection, [row[:-1] for row in rows])

    def open(self) -> list[ProposalRow]:
        """What waits for a person's word, by number."""
        wanted = select(*_PROPOSAL).where(PROPOSALS.c.status == OPEN).order_by(PROPOSALS.c.number)
        return [ProposalRow._make(row) for row in self._connection.execute(wanted)]

    def settle(self, number: int, status: str) -> None:
        self._connection.execute(update(PROPOSALS).where(PROPOSALS.c.number == number).values(status=status))

    def close_about(self, ids: Sequence[str]) -> None:
        """Nothing is proposed any more about these ids."""
        about = or_(PROPOSALS.c.old.in_(ids), PROPOSALS.c.new.in_(ids))
        self._connection.execute(update(PROPOSALS).where(about, PROPOSALS.c.status == OPEN).values(status="closed"))

    def delete(self, member: str) -> None:
        """Delete everything that is kept of an id here."""
        self._connection.execute(delete(CONTACTS).where(CONTACTS.c.member == member))
        self._connection.execute(delete(NICKNAMES).where(NICKNAMES.c.member == member))
        self._connection.execute(delete(CHANGES).where(CHANGES.c.member == member))
        about = or_(PROPOSALS.c.old == member, PROPOSALS.c.new == member)
        self._connection.execute(delete(PROPOSALS).where(about))
