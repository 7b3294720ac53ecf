"""After a change of rules everybody is brought across it, also when that was cut off."""

from __future__ import annotations

import asyncio

from bot.core.instants import MINUTE, Instant
from bot.services import rulesets
from handlers import ruling
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    waiting = rulesets.pending(uow)
    return None if waiting is None else multiple_from(min(waiting, house.now()), after, MINUTE)


async def _run(house: House, due_at: Instant) -> None:
    house.refresh()
    await asyncio.to_thread(ruling.settle, house)


JOB = Job("ruling", _next_due, _run)
