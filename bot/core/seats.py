"""Several accounts in the same groups: which of them speaks where, and since when nobody listens."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from bot.core.instants import Instant


class Seat(NamedTuple):
    """An account sits in a group since `since`, and no more from `until` on."""

    account: str
    group_id: str
    since: Instant
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Serving:
    """What an account may send while there are others: to `groups`, and to whom it is the friend to speak.

    seated: groups in which any account sits. alive: who can speak, the oldest first. others: accounts of other
    processes, whose sending counts for their own caps.
    """

    account: str
    groups: frozenset[str]
    seated: frozenset[str]
    alive: tuple[str, ...]
    others: frozenset[str]

    @property
    def eldest(self) -> bool:
        """Whether it speaks where nobody else is known to be able to."""
        return self.alive[0] == self.account


def speakers(seats: Iterable[Seat], alive: Sequence[str], before: Mapping[str, str | None]) -> dict[str, str]:
    """The account that speaks in each group where one can: who spoke `before` as long as it is there, else the oldest.

    `alive` are the accounts that can speak, the oldest first; of those in a group the one that came first takes over.
    """
    age = {account: number for number, account in enumerate(alive)}
    here: dict[str, list[tuple[Instant, int, str]]] = {}
    for seat in seats:
        if seat.until is None and seat.account in age:
            here.setdefault(seat.group_id, []).append((seat.since, age[seat.account], seat.account))
    return {group: _speaker(sorted(there), before.get(group)) for group, there in here.items()}


def _speaker(there: Sequence[tuple[Instant, int, str]], before: str | None) -> str:
    accounts = [account for _, _, account in there]
    return before if before in accounts else accounts[0]


def last_heard(seats: Iterable[Seat], heard_until: Callable[[str], Instant | None]) -> dict[str, Instant]:
    """When anybody last listened in each group. `heard_until`: until when an account did, None for an unknown one."""
    last: dict[str, Instant] = {}
    for seat in seats:
        until = seat.until if seat.until is not None else heard_until(seat.account)
        if until is not None:
            last[seat.group_id] = max(until, last.get(seat.group_id, until))
    return last


def deaf_from(
    last: Mapping[str, Instant],
    told: Iterable[tuple[Instant, Instant, str | None]],
    at: Instant,
    bar: int,
    only: Collection[str] | None = None,
) -> dict[str, Instant]:
    """From when on nobody has listened in the groups where that is `bar` microseconds ago or more.

    What was `told` of deaf spans (from, to, group or None for all) already is not told again.
    """
    known: dict[str | None, Instant] = {}
    for _, to, group in told:
        known[group] = max(to, known.get(group, to))
    everywhere = known.get(None, 0)
    found = {
        group: max(heard, everywhere, known.get(group, 0))
        for group, heard in last.items()
        if (only is None or group in only) and at - heard >= bar
    }
    return {group: start for group, start in found.items() if at - start >= bar}
