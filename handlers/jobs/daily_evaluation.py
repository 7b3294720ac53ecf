"""Every day at the evaluation hour: everybody is evaluated, new, dormant and disruptive members are flagged."""

from __future__ import annotations

import asyncio

from bot.core.instants import Instant, next_daily
from bot.errors import Refused
from bot.log import get_logger
from handlers.arrivals import note_silence
from handlers.house import House
from handlers.jobs.spec import Job
from handlers.sweeping import run_sweep
from storage.unit_of_work import UnitOfWork

_log = get_logger(__name__)


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant:
    hour = house.rules(uow).lifecycle.evaluation_hour
    return next_daily(after, hour, house.zone)


async def _run(house: House, due_at: Instant) -> None:
    """The sweep works in a thread of its own, in short transactions: the group is heard meanwhile."""
    await house.database.write(lambda uow: note_silence(uow, house))
    house.refresh()
    try:
        found = await asyncio.to_thread(run_sweep, house, due_at, lambda behind: None)
    except Refused as refusal:
        _log.warning("the daily evaluation was refused", due_at=due_at, reason=str(refusal))
        return
    counts = {kind: len(members) for kind, members in found.swept.flagged.items()}
    _log.info("daily evaluation", due_at=due_at, planned=len(found.planned), **counts)


JOB = Job("daily_evaluation", _next_due, _run)
