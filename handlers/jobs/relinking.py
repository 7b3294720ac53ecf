"""Within ten minutes of contact ids that came and went together: which of them may be the same people. The directors
are told; nothing is moved by itself. As evidence gathers it is looked again each hour."""

from __future__ import annotations

from bot.core.instants import HOUR, MINUTE, Instant
from bot.services import admins, relinking
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from storage.link_rows import ProposalRow
from storage.unit_of_work import UnitOfWork

SPAN = 10 * MINUTE
TOLD = "relink"


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    changed = uow.relinks.last_change()
    if changed is None:
        return None
    first = multiple_from(changed, changed, SPAN)
    return first if first > after else multiple_from(after, after, HOUR)


async def _run(house: House, due_at: Instant) -> None:
    rows = await house.database.aread(lambda uow: relinking.proposals(uow, due_at))
    await house.database.write(lambda uow: _propose(uow, house, rows, due_at))


def _propose(uow: UnitOfWork, house: House, rows: list[ProposalRow], at: Instant) -> None:
    uow.relinks.forget_changes(at - relinking.LOOKED_FOR)
    count = uow.relinks.propose(rows)
    if not count:
        return
    text = house.messages.text("notice.relink", count=count)
    for receiver in relinking.directors(uow, at):
        uow.outbox.add([admins.notice(f"{TOLD}:{at}:{receiver}", TOLD, receiver, text, house.now())])


JOB = Job("relinking", _next_due, _run)
