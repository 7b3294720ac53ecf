"""Every Monday morning: which words have become characteristic of a group of members (RULEBOOK §8)."""

from __future__ import annotations

import asyncio

from bot.core.instants import Instant, local_day, next_daily
from bot.services import suggesting
from bot.services.suggesting import Screen
from config.sensitive import protected
from handlers.house import House
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

HOUR, WEEK = 5, 7
FIRST_MONDAY = 4
"""Day number of 1970-01-05."""


def screen_of(house: House) -> Screen:
    return Screen(house.reader, protected)


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant:
    due = next_daily(after, HOUR, house.zone)
    while local_day(due, house.zone) % WEEK != FIRST_MONDAY:
        due = next_daily(due, HOUR, house.zone)
    return due


async def _run(house: House, due_at: Instant) -> None:
    await asyncio.to_thread(look_for_words, house, due_at)


def look_for_words(house: House, at: Instant) -> None:
    """Read outside the writer's turn: it may take seconds."""
    found = house.database.read(lambda uow: suggesting.find(uow, screen_of(house), at))
    house.database.write_sync(lambda uow: suggesting.store(uow, found, at))


JOB = Job("suggestions", _next_due, _run)
