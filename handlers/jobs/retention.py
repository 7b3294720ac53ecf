"""Once a day: texts, addresses and User-Agents older than their terms are deleted; what was read from them stays for
rebuilding (RULEBOOK §8)."""

from __future__ import annotations

from bot.core.instants import DAY, Instant, next_daily
from handlers.house import House
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

HOUR = 3


async def _run(house: House, due_at: Instant) -> None:
    def forget(uow: UnitOfWork) -> int:
        terms = house.rules(uow).privacy
        raw = uow.events.drop_raw(due_at - int(terms.network_days * DAY))
        return raw + uow.events.drop_texts(due_at - int(terms.text_days * DAY))

    await house.database.write(forget)


JOB = Job("text_retention", lambda house, after: next_daily(after, HOUR, house.zone), _run)
