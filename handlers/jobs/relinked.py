"""Within a minute of a merge or a split: whoever else is touched by it is folded again, and all are compared again."""

from __future__ import annotations

import asyncio

from bot.core.instants import MINUTE, Instant
from bot.services import linking
from handlers.afterwards import fold_again
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    waiting = linking.unsettled(uow)
    return None if waiting is None else multiple_from(min(waiting, house.now()), after, MINUTE)


async def _run(house: House, due_at: Instant) -> None:
    since = await house.database.aread(linking.unsettled)
    await asyncio.to_thread(fold_again, house)
    if since is not None:
        await house.database.write(lambda uow: linking.settled(uow, since))


JOB = Job("relinked", _next_due, _run)
