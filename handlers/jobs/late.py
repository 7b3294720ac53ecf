"""What late facts have disturbed is judged and folded again within a minute, also after a crash."""

from __future__ import annotations

from bot.core.instants import MINUTE, Instant
from bot.services import rejudging
from handlers.afterwards import put_right
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    stretch = rejudging.disturbed(uow)
    return None if stretch is None else multiple_from(min(stretch[0], house.now()), after, MINUTE)


async def _run(house: House, due_at: Instant) -> None:
    await put_right(house)


JOB = Job("late", _next_due, _run)
