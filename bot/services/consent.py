"""Consent at the door: a fact that needs a consent is written down only under one (RULEBOOK §0).

In a file a fact may stand before the consent it rests on; it waits in the intake until the run ends. Live, it is
dropped.
A withdrawal erases the facts of its purpose; a consent given later does not revive them. Of an erased fact it stays
known that it happened, so that a repeat is a repeat and the order of arrival makes no difference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import orjson

from bot.core.absorb import CONSENT_NEEDED
from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.ladder import reached
from bot.core.records import SENSITIVE
from bot.services import linking
from storage.rows import ConsentRow, HeldFactRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.intake import Arrival, Prepared


@dataclass(slots=True)
class Gate:
    """What may be written down, and the ids of the facts that wait or were dropped."""

    kept: list[Prepared] = field(default_factory=list)
    held: list[str] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)


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
        elif consented(uow, event):
            found.kept.append(replace(prepared, event=replace(event, body={}, text=None)))
        elif arrival.run is not None:
            uow.held.add([HeldFactRow(arrival.run, event.id, event.at, event.member or "", _as_record(event))])
            found.held.append(event.id)
        else:
            found.dropped.append(event.id)
    return found


def permitted(uow: UnitOfWork, event: Event) -> bool:
    """Whether one of the purposes it needs is consented to at its time, and not withdrawn since."""
    if event.member is None:
        return True
    return any(holds(uow, event.member, purpose, event.at) for purpose in CONSENT_NEEDED[event.type])


def consented(uow: UnitOfWork, event: Event) -> bool:
    """Whether a consent stood at its time, withdrawn since or not."""
    member = event.member or ""
    return any(uow.consents.holds(member, purpose, event.at) for purpose in CONSENT_NEEDED[event.type])


def holds(uow: UnitOfWork, member: str, purpose: str, at: Instant) -> bool:
    """A consent stands at `at` and was not withdrawn afterwards; of two words at one instant the withdrawal counts."""
    return _stands(uow.consents.ledger(member), purpose, at)


def holding(uow: UnitOfWork, members: Iterable[str], purpose: str, at: Instant) -> set[str]:
    """Those of `members` whose consent holds."""
    return {member for member, rows in uow.consents.ledgers(members).items() if _stands(rows, purpose, at)}


def refused(uow: UnitOfWork, member: str, purpose: str) -> bool:
    """Whether the member's last word on a purpose is no; of two words at one instant the withdrawal counts."""
    said = [(row.at, not row.granted) for row in uow.consents.ledger(member) if row.purpose == purpose]
    return bool(said) and max(said)[1]


def _stands(ledger: Iterable[ConsentRow], purpose: str, at: Instant) -> bool:
    since = _standing_since(ledger, purpose)
    return since is not None and since <= at


def _standing_since(ledger: Iterable[ConsentRow], purpose: str) -> Instant | None:
    """From when on the consent stands that was never withdrawn since; None when the last word is no."""
    said = [(row.at, not row.granted) for row in ledger if row.purpose == purpose]
    since: Instant | None = None
    for at, withdrawn in sorted(said):
        since = None if withdrawn else at if since is None else since
    return since


def enter(uow: UnitOfWork, event: Event, notice_version: str | None = None) -> None:
    """Write a consent event into the ledger; a withdrawal erases what rested on it."""
    member = event.member or ""
    purposes = reached(event.body["purposes"], event.body["granted"])
    rows = [
        ConsentRow(member, purpose, event.body["granted"], event.at, notice_version, event.id) for purpose in purposes
    ]
    uow.consents.add(rows)
    if not event.body["granted"]:
        _erase(uow, member, purposes, event.at)
        _withdraw_everywhere(uow, rows)


def _withdraw_everywhere(uow: UnitOfWork, rows: Sequence[ConsentRow]) -> None:
    """A consent is the contact id's that gave it, a withdrawal is meant for every id the person has."""
    for row in rows[:1]:
        for other in linking.ids(uow, row.member):
            if other != row.member:
                uow.consents.add(one._replace(member=other, source=f"{one.source}~{other}") for one in rows)
                _erase(uow, other, [one.purpose for one in rows], row.at)


def _erase(uow: UnitOfWork, member: str, purposes: Iterable[str], until: Instant) -> None:
    """Blank the facts up to `until` that no other consent has carried all along."""
    gone, ledger = set(purposes), uow.consents.ledger(member)
    if SENSITIVE in gone:
        _erase_pins(uow, member, until)
    for type_, needed in CONSENT_NEEDED.items():
        if gone.intersection(needed):
            standing = [since for one in needed if (since := _standing_since(ledger, one)) is not None]
            gone_with_it = uow.events.blank(member, type_, min([until, *(since - 1 for since in standing)]))
            if gone_with_it:
                # Folded anew, so that the history of tags does not tell what was erased.
                uow.rollups.mark_dirty({member: until})


def _erase_pins(uow: UnitOfWork, member: str, until: Instant) -> None:
    """What a person tagged by hand about sensitive matters, up to `until`; like any fact it is known to have been."""
    for row in uow.events.of_members([member], None, until):
        if row.type == "pin" and "protected" in orjson.loads(row.body):
            uow.events.rewrite(row.id, "{}")
            uow.rollups.mark_dirty({member: row.at})


def release(uow: UnitOfWork, run: str) -> tuple[list[Event], list[str]]:
    """The held facts of a run that a consent has come for, and the ids of the others; the intake forgets them all."""
    waiting = [_event(row) for row in uow.held.of_run(run)]
    uow.held.clear(run)
    kept = [event for event in waiting if consented(uow, event)]
    known = {event.id for event in kept}
    return kept, [event.id for event in waiting if event.id not in known]


def _as_record(event: Event) -> dict[str, object]:
    return {"type": event.type, "group": event.group, "body": event.body}


def _event(row: HeldFactRow) -> Event:
    record = row.record
    return Event(record["type"], row.event_id, row.at, row.member, record["group"], dict(record["body"]))
