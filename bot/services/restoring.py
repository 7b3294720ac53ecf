"""What a person has withdrawn stays withdrawn when an older backup comes back (RULEBOOK §8)."""

from __future__ import annotations

from dataclasses import dataclass, field

import orjson

from bot.core.events import Event
from bot.core.instants import Instant
from bot.services import erasure, lateness
from bot.services.context import Context
from bot.services.intake import Arrival, Prepared, record
from storage.unit_of_work import UnitOfWork

END_OF_TIME: Instant = 1 << 62


@dataclass(frozen=True, slots=True)
class Wishes:
    """What people had asked for before the restore: to be forgotten, and consents withdrawn."""

    forgotten: list[tuple[str, Instant, str]] = field(default_factory=list)
    withdrawals: list[Event] = field(default_factory=list)


def wishes(uow: UnitOfWork) -> Wishes:
    rows = uow.events.of_members(None, None, END_OF_TIME)
    said = [
        Event(row.type, row.id, row.at, row.member, row.group_id, orjson.loads(row.body))
        for row in rows
        if row.type == "consent"
    ]
    return Wishes(uow.forgotten.all(), [event for event in said if not event.body["granted"]])


def reapply(uow: UnitOfWork, asked: Wishes, context: Context, now: Instant) -> int:
    """Do again what was asked; returns how many wishes the backup did not know."""
    erased = erasure.reapply(uow, asked.forgotten)
    recorded = record(uow, [Prepared(event) for event in asked.withdrawals], context, Arrival(now))
    lateness.note(uow, recorded)
    return erased + len(recorded.new)
