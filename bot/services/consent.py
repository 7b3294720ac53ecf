"""Consent at the door: a fact that needs a consent is written down only under one (RULEBOOK §0).

In a file a fact may stand before the consent it rests on; it waits in the intake until the run ends. Live, it is dropped.
A withdrawal erases the facts of its purpose; a consent given later does not revive them.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.core.absorb import CONSENT_NEEDED
from bot.core.events import Event
from bot.core.instants import Instant
from storage.rows import ConsentRow, HeldFactRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.intake import Arrival, Prepared


@dataclass(slots=True)
class Gate:
    """What may be written down, and how many facts wait or were dropped."""

    kept: list[Prepared] = field(default_factory=list)
    held: int = 0
    dropped: int = 0


def gate(uow: UnitOfWork, fresh: Sequence[Prepared], arrival: Arrival) -> Gate:
    """Write consents into the ledger first, then ask it about the facts that need one."""
    for prepared in fresh:
        if prepared.event.type == "consent":
            enter(uow, prepared.event)
    found = Gate()
    for prepared in fresh:
        event = prepared.event
        if event.type not in CONSENT_NEEDED or permitted(uow, event):
            found.kept.append(prepared)
        elif arrival.run is not None:
            uow.held.add([HeldFactRow(arrival.run, event.id, event.at, event.member or "", _as_record(event))])
            found.held += 1
        else:
            found.dropped += 1
    return found


def permitted(uow: UnitOfWork, event: Event) -> bool:
    """Whether one of the purposes it needs is consented to at its time, and not withdrawn since."""
    if event.member is None:
        return True
    return any(holds(uow, event.member, purpose, event.at) for purpose in CONSENT_NEEDED[event.type])


def holds(uow: UnitOfWork, member: str, purpose: str, at: Instant) -> bool:
    """A consent stands at `at` and was not withdrawn afterwards."""
    ledger = sorted((row.at, row.granted) for row in uow.consents.ledger(member) if row.purpose == purpose)
    before = [granted for when, granted in ledger if when <= at]
    withdrawn = any(not granted for when, granted in ledger if when > at)
    return bool(before) and before[-1] and not withdrawn


def enter(uow: UnitOfWork, event: Event, notice_version: str | None = None) -> None:
    """Write a consent event into the ledger; a withdrawal erases what rested on it."""
    member = event.member or ""
    rows = [
        ConsentRow(member, purpose, event.body["granted"], event.at, notice_version, event.id)
        for purpose in event.body["purposes"]
    ]
    uow.consents.add(rows)
    if not event.body["granted"]:
        _erase(uow, member, event.body["purposes"], event.at)


def _erase(uow: UnitOfWork, member: str, purposes: Iterable[str], until: Instant) -> None:
    gone = set(purposes)
    for type_, needed in CONSENT_NEEDED.items():
        left = [purpose for purpose in needed if purpose not in gone]
        if not any(holds(uow, member, purpose, until) for purpose in left):
            uow.events.blank(member, type_, until)


def release(uow: UnitOfWork, run: str) -> tuple[list[Event], int]:
    """The held facts of a run that a consent has come for, and how many have none; the intake forgets them all."""
    waiting = [_event(row) for row in uow.held.of_run(run)]
    uow.held.clear(run)
    kept = [event for event in waiting if permitted(uow, event)]
    return kept, len(waiting) - len(kept)


def _as_record(event: Event) -> dict[str, object]:
    return {"type": event.type, "group": event.group, "body": event.body}


def _event(row: HeldFactRow) -> Event:
    record = row.record
    return Event(record["type"], row.event_id, row.at, row.member, record["group"], dict(record["body"]))
