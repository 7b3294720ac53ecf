"""When nobody was listening: written down as `deaf` events, so that nobody's silence then counts.

With one account that is when it was away; with several a group is deaf only while all that sit in it are away.
"""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import MINUTE, Instant
from bot.core.seats import deaf_from, last_heard
from bot.services import accounts
from storage.account_rows import AccountRow
from storage.unit_of_work import UnitOfWork

ALIVE = "alive_at"
"""Deployment key: the last instant at which the bot was listening."""
BAR = 2 * MINUTE
"""A shorter gap is a restart, not deafness: nobody's silence is measured in minutes."""


def everywhere(uow: UnitOfWork, at: Instant) -> list[Event]:
    """The gap from the last sign of life until `at`, when that is more than a restart takes.

    Its own time is where the gap begins, so that evaluations inside the gap, caught up afterwards, know of it.
    """
    alive = uow.deployment.get(ALIVE)
    if alive is None or at - int(alive) < BAR:
        return []
    return [Event("deaf", f"deaf:{alive}:{at}", int(alive), None, None, {"from": int(alive), "to": at})]


def by_group(
    uow: UnitOfWork, owner: str, hearing: str | None, at: Instant, groups: frozenset[str] | None = None
) -> list[Event]:
    """The gaps that last until `at` in groups (all, or those of `groups`) where nobody listened.

    hearing: the account of this process, if it listens now; the others are known by their signs of life.
    """
    rows = {row.account: row for row in uow.accounts.all()}
    last = last_heard(uow.accounts.seats(), lambda account: _heard_until(rows.get(account), owner, hearing, at))
    found = deaf_from(last, uow.events.deaf(at), at, BAR, groups)
    return [
        Event("deaf", f"deaf:{group}:{start}:{at}", start, None, group, {"from": start, "to": at})
        for group, start in sorted(found.items())
    ]


def _heard_until(row: AccountRow | None, owner: str, hearing: str | None, at: Instant) -> Instant | None:
    if row is None:
        return None
    mine = row.owner in ("", owner)
    listens = row.account == hearing if mine else accounts.is_alive(row, at)
    return at if listens else row.alive_at
