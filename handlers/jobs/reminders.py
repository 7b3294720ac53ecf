"""Every ten minutes: questionnaires that were left unanswered get their one reminder, or end."""

from __future__ import annotations

from bot.core.instants import MINUTE, Instant
from bot.services import onboarding
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

SPAN = 10 * MINUTE


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    waiting = uow.conversations.next_due()
    return None if waiting is None else multiple_from(waiting, after, SPAN)


async def _run(house: House, due_at: Instant) -> None:
    def unit(uow: UnitOfWork) -> None:
        onboarding.on_silence(uow, house, due_at)
        house.untidy |= uow.forgotten.touched

    await house.database.write(unit)


JOB = Job("reminders", _next_due, _run)
