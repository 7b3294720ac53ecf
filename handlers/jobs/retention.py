"""Once a day: message texts older than their term are deleted; their parts stay for rebuilding (RULEBOOK §8)."""

from __future__ import annotations

from bot.core.instants import DAY, Instant, next_daily
from handlers.house import House
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

HOUR = 3


async def _run(house: House, due_at: Instant) -> None:
    def forget(uow: UnitOfWork) -> int:
        days = house.rules(uow).privacy.text_days
        return uow.events.drop_texts(due_at - int(days * DAY))

    await house.database.write(forget)


JOB = Job("text_retention", lambda house, after: next_daily(after, HOUR, house.zone), _run)
