"""The deployment's accounts, the groups they sit in, and whose friends they are."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, select, update

from bot.core.instants import Instant
from bot.core.seats import Seat
from storage.account_rows import AccountRow, FriendshipRow
from storage.models import AccountRecord, FriendshipRecord, SeatRecord
from storage.statements import BatchInsert, columns_of, replace_row
from storage.types import table_of

ACCOUNTS = table_of(AccountRecord)
SEATS = table_of(SeatRecord)
FRIENDSHIPS = table_of(FriendshipRecord)
_ACCOUNT = columns_of(ACCOUNTS, AccountRow)
_SEAT = columns_of(SEATS, Seat)
_PUT = BatchInsert(ACCOUNTS, AccountRow._fields, replace_row(AccountRow, "account", keep=("since",)))
# Who comes back sits there from then on; who is there already has been since he came.
_SIT = BatchInsert(
    SEATS,
    Seat._fields,
    """ON CONFLICT (account, group_id) DO UPDATE SET
    since = CASE WHEN seats."until" IS NULL THEN seats.since ELSE excluded.since END, "until" = NULL""",
)
_BEFRIEND = BatchInsert(
    FRIENDSHIPS,
    FriendshipRow._fields,
    """ON CONFLICT (member, account) DO UPDATE SET spoke_at =
    CASE WHEN excluded.spoke_at > friendships.spoke_at THEN excluded.spoke_at ELSE friendships.spoke_at END""",
)


class Accounts:
    """Tables accounts, seats and friendships."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def all(self) -> list[AccountRow]:
        """Every account, the oldest first."""
        rows = self._connection.execute(select(*_ACCOUNT).order_by(ACCOUNTS.c.since, ACCOUNTS.c.account))
        return [AccountRow._make(row) for row in rows]

    def put(self, row: AccountRow) -> None:
        """Write a whole row; a known account keeps its `since`."""
        _PUT.run(self._connection, [row])

    def beat(self, account: str, at: Instant) -> None:
        """The account was listening at this instant."""
        self._connection.execute(update(ACCOUNTS).where(ACCOUNTS.c.account == account).values(alive_at=at, state="up"))

    def replace(self, old: str, new: str) -> None:
        """An account that came back under another id: its friends stay, its groups are told anew."""
        friends = select(FRIENDSHIPS.c.member, FRIENDSHIPS.c.spoke_at).where(FRIENDSHIPS.c.account == old)
        rows = self._connection.execute(friends).all()
        _BEFRIEND.run(self._connection, [FriendshipRow(member, new, spoke_at) for member, spoke_at in rows])
        for table in (FRIENDSHIPS, SEATS, ACCOUNTS):
            self._connection.execute(delete(table).where(table.c.account == old))

    def seats(self) -> list[Seat]:
        """Where every account sits, or sat."""
        rows = self._connection.execute(select(*_SEAT).order_by(SEATS.c.group_id, SEATS.c.since, SEATS.c.account))
        return [Seat._make(row) for row in rows]

    def sit(self, account: str, groups: Iterable[str], at: Instant) -> None:
        """The account is in these groups."""
        _SIT.run(self._connection, [Seat(account, group, at) for group in groups])

    def leave(self, account: str, groups: Iterable[str], at: Instant) -> None:
        """The account is in these groups no more."""
        here = (SEATS.c.account == account, SEATS.c.group_id.in_(sorted(groups)), SEATS.c.until.is_(None))
        self._connection.execute(update(SEATS).where(*here).values(until=at))

    def befriend(self, account: str, members: Iterable[str], at: Instant) -> None:
        """These members have a direct chat with the account, and were heard there at `at`."""
        _BEFRIEND.run(self._connection, [FriendshipRow(member, account, at) for member in members])

    def unfriend(self, account: str, member: str) -> bool:
        """The direct chat is gone; whether the member has one with another account."""
        mine = (FRIENDSHIPS.c.member == member, FRIENDSHIPS.c.account == account)
        self._connection.execute(delete(FRIENDSHIPS).where(*mine))
        left = select(func.count()).select_from(FRIENDSHIPS).where(FRIENDSHIPS.c.member == member)
        return bool(self._connection.scalar(left))

    def delete(self, member: str) -> int:
        """Forget whose friend a member was."""
        return self._connection.execute(delete(FRIENDSHIPS).where(FRIENDSHIPS.c.member == member)).rowcount
