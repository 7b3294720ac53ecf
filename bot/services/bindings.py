"""Accounts in other systems (CONTRACT `bind`): what was bought under one belongs to the member who bound it.

The log stays as it came; whose a purchase is, is asked when it is read, so that earlier and later ones count the same
in any order of arrival. Of several who bound one account the last by (at, id) has it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from heapq import merge

from bot.core.events import Event
from bot.core.instants import Instant
from storage.repositories.bindings import BindingRow
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork

PURCHASES = frozenset({"order", "refund", "promotion"})
"""Types of events that go with an account; whatever else it does, a member does himself."""
_EVER: Instant = 1 << 62


@dataclass(slots=True)
class Bound:
    """What new bindings changed. `moved`: recorded purchases, as events of the member who has them now. `lost`: (who
    had it, instant) of each; `shadows`: accounts that stood in the list of members as nobody but a buyer."""

    moved: list[Event] = field(default_factory=list)
    lost: list[tuple[str | None, Instant]] = field(default_factory=list)
    shadows: list[str] = field(default_factory=list)


def note(uow: UnitOfWork, events: Sequence[Event]) -> Bound:
    """Write new bindings down; returns what they change about purchases recorded before."""
    rows = [row for event in events if event.type == "bind" for row in _named(event)]
    if not rows:
        return Bound()
    accounts = sorted({row.account for row in rows})
    before = uow.bindings.owners(accounts)
    uow.bindings.add(rows)
    after = uow.bindings.owners(accounts)
    bound = Bound(shadows=_shadows(uow, [account for account in accounts if after[account] != account]))
    changed = {account for account in accounts if before.get(account, account) != after[account]}
    for row in uow.events.of_members(changed, None, _EVER):
        if row.type in PURCHASES:
            account = row.member or ""
            bound.moved.append(Event(row.type, row.id, row.at, after[account], row.group_id, {}))
            if (had := before.get(account, account)) not in bound.shadows:
                bound.lost.append((had, row.at))
    return bound


def _named(event: Event) -> Iterator[BindingRow]:
    return (BindingRow(event.id, account, event.member or "", event.at) for account in named(event))


def named(event: Event) -> list[str]:
    """The account of a `bind`, as orders may write it: with its system before it, or without."""
    external = event.body["external_id"]
    return sorted({external, f"{event.body['system']}:{external}"})


def _shadows(uow: UnitOfWork, accounts: Iterable[str]) -> list[str]:
    """Members of whom nothing is known but purchases: no name, no friendship, no office, not a word."""
    known = uow.members.get_many(accounts)
    nameless = {member for member, row in known.items() if not row.name and not row.is_friend}
    nameless -= set(uow.backups.of_backups(nameless))
    people = {row.member for row in uow.events.of_members(nameless, None, _EVER) if row.type not in PURCHASES}
    return sorted(nameless - people)


def owned(uow: UnitOfWork, events: Sequence[Event]) -> list[Event]:
    """The same events, purchases under the member they belong to."""
    buyers = {event.member for event in events if event.type in PURCHASES and event.member is not None}
    owners = uow.bindings.owners(buyers)
    if not owners:
        return list(events)
    return [
        replace(event, member=owners.get(event.member or "", event.member)) if event.type in PURCHASES else event
        for event in events
    ]


def logged(uow: UnitOfWork, spans: Mapping[str, tuple[Instant, Instant]]) -> Iterator[EventRow]:
    """The log of each member in his own (after, until], by member, at, id, with all purchases that are his."""
    yield from merge(_own(uow, spans), _moved(uow, spans), key=lambda row: (row.member or "", row.at, row.id))


def _own(uow: UnitOfWork, spans: Mapping[str, tuple[Instant, Instant]]) -> Iterator[EventRow]:
    owners = uow.bindings.owners(spans)
    for row in uow.events.since(spans):
        if row.type not in PURCHASES or owners.get(row.member or "", row.member) == row.member:
            yield row


def _moved(uow: UnitOfWork, spans: Mapping[str, tuple[Instant, Instant]]) -> Iterator[EventRow]:
    owners = {account: owner for account, owner in uow.bindings.accounts(spans).items() if account != owner}
    if not owners:
        return
    rows = uow.events.since({account: spans[owner] for account, owner in owners.items()})
    his = [row._replace(member=owners[row.member or ""]) for row in rows if row.type in PURCHASES]
    yield from sorted(his, key=lambda row: (row.member, row.at, row.id))
