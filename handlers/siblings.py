"""What this process knows of the deployment's other accounts, kept in step by a stamp as the dictionary is.

Where there is one account, and always on SQLite, it knows of none, and nothing is asked of the database for it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot.core.instants import Instant
from bot.ports import (
    Chat,
    FriendHeard,
    GroupEntered,
    Heard,
    JoinHeard,
    LeaveHeard,
    MessageHeard,
    Person,
    RosterHeard,
    WithdrawHeard,
)
from bot.services import accounts
from bot.services.accounts import REMEMBERED
from storage.unit_of_work import UnitOfWork

NEVER_LOOKED = "?"


class Siblings:
    """The other accounts, and the groups in which one of them sits too.

    possible: whether there can be others at all. several: there are others, perhaps away. ours: ids of all accounts.
    shared: groups where what is said may be heard by another account as well.
    """

    def __init__(self, owner: str, *, possible: bool) -> None:
        self._owner, self.possible = owner, possible
        self.forget()

    def forget(self) -> None:
        """Look again next time: a transaction was undone."""
        self.several = False
        self.ours: frozenset[str] = frozenset()
        self.shared: frozenset[str] = frozenset()
        self._seats: set[str] | None = None
        self._stamp: str | None = NEVER_LOOKED

    def follow(self, uow: UnitOfWork, stamp: str | None, account: str | None, now: Instant) -> bool:
        """Look again when `stamp` says that something has changed; whether it does."""
        if not self.possible or stamp == self._stamp:
            return False
        self.look(uow, account, now)
        self._stamp = stamp
        return True

    def look(self, uow: UnitOfWork, account: str | None, now: Instant) -> None:
        """Who is there now, and where."""
        rows, seats = uow.accounts.all(), uow.accounts.seats()
        others = accounts.others(rows, self._owner) if self.possible else []
        near = {row.account for row in others if now - row.alive_at < REMEMBERED}
        self.several = bool(others)
        self.ours = frozenset(row.account for row in rows) if others else frozenset()
        self.shared = frozenset(seat.group_id for seat in seats if seat.account in near)
        self._seats = {seat.group_id for seat in seats if seat.account == account and seat.until is None}

    def note_seats(self, uow: UnitOfWork, account: str | None, groups: Iterable[str | None], at: Instant) -> None:
        """Who hears something in a group sits there."""
        if account is None:
            return
        if self._seats is None:
            self.look(uow, account, at)
        assert self._seats is not None
        new = {group for group in groups if group is not None} - self._seats
        if new:
            accounts.sit(uow, account, sorted(new), at)
            self._seats |= new

    def tell(self, chat: Chat | None) -> None:
        """Let the platform side know that who calls one of the accounts calls the bot."""
        if chat is not None and self.several:
            chat.know(self.ours)

    def without_ours(self, heard: Heard) -> Heard | None:
        """As if no account of ours were a person: None when nothing is left to tell."""
        match heard:
            case MessageHeard() | WithdrawHeard():
                return None if heard.sender.id in self.ours else heard
            case FriendHeard():
                return None if heard.person.id in self.ours else heard
            case JoinHeard() | LeaveHeard():
                left = self._people(heard.people)
                return replace(heard, people=left) if left else None
            case GroupEntered() | RosterHeard():
                return replace(heard, people=self._people(heard.people))
        return heard

    def _people(self, people: Sequence[Person]) -> tuple[Person, ...]:
        return tuple(person for person in people if person.id not in self.ours)
