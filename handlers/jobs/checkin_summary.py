"""Every half hour: one summary for each group in which somebody checked in (RULEBOOK §9)."""

from __future__ import annotations

from bot.core.instants import MINUTE, Instant
from bot.ports import Address
from bot.services import outreach
from config.messages import names
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.unit_of_work import UnitOfWork

SPAN = 30 * MINUTE


def _next_due(house: House, after: Instant) -> Instant | None:
    """The end of the next half hour in which somebody checks in."""
    begun = after // SPAN * SPAN
    first = house.database.read(lambda uow: uow.events.first_checkin(begun))
    return None if first is None else multiple_from(first, after, SPAN)


async def _run(house: House, due_at: Instant) -> None:
    await house.database.write(lambda uow: summarise(uow, house, due_at))


def summarise(uow: UnitOfWork, house: House, due_at: Instant) -> None:
    """Who checked in during the half hour before, in each group; nobody: silence."""
    for group, members in uow.events.checkins(due_at - SPAN, due_at).items():
        known = uow.members.get_many(members)
        shown = names([known[member].name or member for member in members if member in known])
        key = "command.checkin" if len(members) == 1 else "command.checkin_many"
        text = house.messages.text(key, names=shown, **({"count": len(members)} if len(members) > 1 else {}))
        outreach.reply(
            uow,
            key=f"checkin_summary:{group}:{due_at}",
            kind="checkin_summary",
            to=Address("group", group),
            text=text,
            now=house.now(),
            group=group,
        )


JOB = Job("checkin_summary", _next_due, _run)
