"""签到 in a group is answered by one summary, at most one every half hour (RULEBOOK §9)."""

from __future__ import annotations

from bot.core.instants import HOUR, MINUTE, SECOND, Instant, Span
from bot.ports import Address
from bot.services import outreach
from config.messages import names
from handlers.house import House
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

NAME = "checkin_summary"
GATHER = 20 * SECOND
"""Check-ins come together when somebody calls for them; the first answer waits a little for the others."""
TOO_LATE = 1 * HOUR
"""A check-in that was not answered by then is not answered any more."""


def _span(uow: UnitOfWork, house: House) -> Span:
    return int(house.rules(uow).outreach.checkin_summary_minutes * MINUTE)


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    """Soon after the first check-in that has no answer, but not within half an hour of the last summary."""
    first = uow.events.first_checkin(max(after, house.now() - TOO_LATE))
    if first is None:
        return None
    last = uow.jobs.last_due(NAME)
    return first + GATHER if last is None else max(first + GATHER, last + _span(uow, house), after + 1)


async def _run(house: House, due_at: Instant) -> None:
    await house.database.write(lambda uow: summarise(uow, house, due_at))


def summarise(uow: UnitOfWork, house: House, due_at: Instant) -> None:
    """Who checked in since the summary before, in each group; nobody: silence."""
    for group, members in uow.events.checkins(due_at - _span(uow, house), due_at).items():
        known = uow.members.get_many(members)
        shown = names([known[member].name for member in members if member in known])
        key = "command.checkin" if len(members) == 1 else "command.checkin_many"
        text = house.messages.text(key, names=shown, **({"count": len(members)} if len(members) > 1 else {}))
        outreach.reply(
            uow,
            key=f"checkin_summary:{group}:{due_at}",
            kind=NAME,
            to=Address("group", group),
            text=text,
            now=house.now(),
            group=group,
        )


JOB = Job(NAME, _next_due, _run)
