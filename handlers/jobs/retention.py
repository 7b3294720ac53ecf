"""Once a day what is older than its term goes (RULEBOOK §8): texts, IP and User-Agent, members who left long ago.

The parts of a message stay for rebuilding. Each page is a short transaction; at the end no trace is left in the file.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from bot.core.instants import DAY, Instant, next_daily
from bot.services import erasure, hearings, tracking, uses
from handlers.afterwards import fold_again
from handlers.house import House
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

HOUR = 3
PAGE = 200


async def _run(house: House, due_at: Instant) -> None:
    await asyncio.to_thread(forget_old, house, due_at)


def forget_old(house: House, at: Instant) -> None:
    """Delete what is over its term at `at`."""
    terms = house.database.read(house.rules).privacy
    house.database.write_sync(lambda uow: uses.began(uow, at))
    house.database.write_sync(lambda uow: uow.events.drop_texts(at - int(terms.text_days * DAY)))
    house.database.write_sync(lambda uow: uow.hearings.drop(at - hearings.KEPT))
    house.database.write_sync(lambda uow: uow.tracked.drop(at - tracking.KEPT))
    _pages(house, lambda uow: uow.events.drop_network(at - int(terms.network_days * DAY), PAGE))
    _pages(house, lambda uow: erasure.depart(uow, at - int(terms.departed_days * DAY), PAGE))
    fold_again(house)
    house.database.scrub()


def _pages(house: House, unit: Callable[[UnitOfWork], int]) -> None:
    while house.database.write_sync(unit):
        pass


JOB = Job("text_retention", lambda uow, house, after: next_daily(after, HOUR, house.zone), _run)
