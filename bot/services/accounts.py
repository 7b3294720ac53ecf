"""Several accounts on one database: who is there, who speaks where, and what an account may send.

Each account is served by one process (`owner`). In a group one account speaks; it keeps the word until it is away.
"""

from __future__ import annotations

from collections.abc import Iterable
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.core.instants import DAY, SECOND, Instant
from bot.core.seats import Serving, speakers
from bot.services import delivery, erasure
from storage.account_rows import AccountRow
from storage.unit_of_work import UnitOfWork

FRESH = 90 * SECOND
"""An account that has given no sign of life for longer is away."""
REMEMBERED = 3 * DAY
"""How long an account that is away may come back with messages that the others have heard meanwhile."""
RUNNING = "running:"
"""What the deployment keys of processes begin with; the owner follows, the value is its last sign of life."""
STAMP = "accounts_stamp"
"""Deployment key that changes whenever it changes who sits where, so that every process looks again."""


def is_alive(row: AccountRow, now: Instant) -> bool:
    """Whether it was listening just now; a clock that was set back makes nobody alive for longer."""
    return row.state != "stopped" and abs(now - row.alive_at) < FRESH


def others(rows: Iterable[AccountRow], owner: str) -> list[AccountRow]:
    """The accounts of other processes; one without an owner is from before there were several."""
    return [row for row in rows if row.owner not in ("", owner)]


def log_in(uow: UnitOfWork, account: str, name: str, owner: str, at: Instant) -> None:
    """The account listens from now on. What its process served before is the same account under its old id.

    Another account may have taken it for a member of its groups.
    """
    rows = uow.accounts.all()
    for row in rows:
        if row.account != account and row.owner == owner:
            uow.accounts.replace(row.account, account)
    if others(rows, owner) and uow.members.get(account) is not None:
        erasure.dissolve(uow, account)
    uow.accounts.put(AccountRow(account, name, owner, at, at))
    _changed(uow)


def note_lost(uow: UnitOfWork, account: str, at: Instant, reason: str) -> None:
    """The account listened until now, and does so no more; told again, it does not listen longer."""
    row = _row(uow, account)
    if row is not None:
        heard_until = at if row.state == "up" else row.alive_at
        uow.accounts.put(row._replace(alive_at=heard_until, state="down", reason=reason))
        _changed(uow)


def note_stopped(uow: UnitOfWork, account: str, at: Instant, *, listened: bool) -> None:
    """Its process ends in good order; it `listened` to the end or had lost its connection before."""
    row = _row(uow, account)
    if row is not None:
        uow.accounts.put(row._replace(alive_at=at if listened else row.alive_at, state="stopped", reason=""))
        _changed(uow)


def _row(uow: UnitOfWork, account: str) -> AccountRow | None:
    return next((row for row in uow.accounts.all() if row.account == account), None)


def sit(uow: UnitOfWork, account: str, groups: Iterable[str], at: Instant) -> None:
    """The account is in these groups."""
    uow.accounts.sit(account, groups, at)
    _changed(uow)


def stand_up(uow: UnitOfWork, account: str, groups: Iterable[str], at: Instant) -> None:
    """The account is in these groups no more; one that it leaves to nobody is no group of ours."""
    left = set(groups)
    uow.accounts.leave(account, left, at)
    taken = {seat.group_id for seat in uow.accounts.seats() if seat.until is None}
    rows = [row for group in left - taken if (row := uow.groups.get(group)) is not None]
    uow.groups.save(row._replace(present=False) for row in rows)
    _changed(uow)


def _changed(uow: UnitOfWork) -> None:
    uow.deployment.put(STAMP, str(int(uow.deployment.get(STAMP) or 0) + 1))


def note_running(uow: UnitOfWork, owner: str, now: Instant) -> None:
    """The process runs, whether its account is there or not."""
    uow.deployment.put(RUNNING + owner, str(now))


def running(uow: UnitOfWork, now: Instant) -> list[str]:
    """The processes that have given a sign of life just now."""
    return [owner for owner, at in uow.deployment.starting_with(RUNNING).items() if abs(now - int(at)) < FRESH]


def recover(uow: UnitOfWork, now: Instant, owner: str) -> int:
    """At start-up: what this process left half sent is unknown; what others that are alive are sending is theirs."""
    sending = [row.account for row in others(uow.accounts.all(), owner) if is_alive(row, now)]
    return uow.outbox.recover(now, sparing=sending)


def serving(uow: UnitOfWork, account: str, owner: str, now: Instant) -> Serving:
    """What `account`, which is there, may send at `now`, as far as it is known who else is."""
    rows, seats = uow.accounts.all(), uow.accounts.seats()
    alive = tuple(row.account for row in rows if row.account == account or is_alive(row, now))
    spoke = {row.id: row.account for row in uow.groups.all()}
    speaking = speakers(seats, alive, spoke)
    mine = frozenset(group for group, one in speaking.items() if one == account)
    seated = frozenset(seat.group_id for seat in seats if seat.until is None)
    return Serving(account, mine, seated, alive, frozenset(row.account for row in others(rows, owner)))


def hand_over(uow: UnitOfWork, account: str, owner: str, now: Instant) -> tuple[Serving, list[str]]:
    """As `serving`; writes down where the account speaks from now on. Returns also the groups it has taken over."""
    found = serving(uow, account, owner, now)
    rows = [row for row in uow.groups.all() if row.id in found.groups and row.account != account]
    uow.groups.save(row._replace(account=account) for row in rows)
    return found, [row.id for row in rows]


Place = tuple[str, str]
"""(account, group)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """How an account is doing, for people. state: up, lost (no sign of life), down or stopped.

    speaks_in: the groups where it has the word, of the `groups` in which it sits.
    """

    account: str
    name: str
    state: str
    reason: str
    alive_at: Instant
    speaks_in: tuple[str, ...]
    groups: int
    throttled_until: Instant | None


def standings(uow: UnitOfWork, now: Instant) -> list[Standing]:
    """Every account, the oldest first."""
    seats = {(seat.account, seat.group_id) for seat in uow.accounts.seats() if seat.until is None}
    speaking = {(row.account or "", row.id) for row in uow.groups.all()} & seats
    return [_standing(uow, row, now, seats, speaking) for row in uow.accounts.all()]


def _standing(
    uow: UnitOfWork, row: AccountRow, now: Instant, seats: AbstractSet[Place], speaking: AbstractSet[Place]
) -> Standing:
    silent = row.state == "up" and not is_alive(row, now)
    mine = tuple(sorted(group for account, group in speaking if account == row.account))
    return Standing(
        row.account,
        row.name,
        "lost" if silent else row.state,
        row.reason,
        row.alive_at,
        mine,
        sum(account == row.account for account, _ in seats),
        delivery.throttled(uow, now, row.account),
    )
