"""Every minute in which there is something to tell: webhooks to the CRM, if there is one."""

from __future__ import annotations

from bot.core.instants import MINUTE, Instant
from bot.services import crm as service
from handlers import crm
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    if not crm.wanted(house):
        return None
    waiting = service.waits(uow, crm.mark(house.settings))
    # What waited while nobody ran is made up for by one run.
    return None if waiting is None else multiple_from(max(waiting, house.now() - MINUTE), after, MINUTE)


async def _run(house: House, due_at: Instant) -> None:
    await crm.deliver(house)


JOB = Job("crm", _next_due, _run)
