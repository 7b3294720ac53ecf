"""Every ten minutes: questionnaires that were left unanswered get their one reminder, or end; old messages expire."""

from __future__ import annotations

from bot.core.instants import MINUTE, Instant
from bot.services import onboarding
from handlers.house import House
from handlers.jobs.every import every
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork


async def _run(house: House, due_at: Instant) -> None:
    def look(uow: UnitOfWork) -> None:
        onboarding.on_silence(uow, house, due_at)
        uow.outbox.expire(due_at)

    await house.database.write(look)


JOB = Job("reminders", every(10 * MINUTE), _run)
