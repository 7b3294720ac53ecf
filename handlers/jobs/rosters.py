"""Every ten minutes each group's member list and name are asked anew: the platform loses joins, leaves and renames.

A few names that people bear in the group alone are asked with it: they help to know somebody again whose id changes.
"""

from __future__ import annotations

from bot.core.instants import MINUTE, Instant
from bot.log import get_logger
from bot.ports import Chat, Heard, SendRefused, SendUnknown
from bot.services import relinking
from handlers.house import House
from handlers.jobs.every import multiple_from
from handlers.jobs.spec import Job
from handlers.turn import Turn, take_batch
from storage.unit_of_work import UnitOfWork

SPAN = 10 * MINUTE
NICKNAMES_AT_ONCE = 100
"""So many are asked in all groups together; each is a call to the gateway."""
_log = get_logger(__name__)


def _next_due(uow: UnitOfWork, house: House, after: Instant) -> Instant | None:
    """Never in a group that tells of everything, as the local one does."""
    return multiple_from(after, after, SPAN) if house.chat is not None and house.chat.forgetful else None


async def _run(house: House, due_at: Instant) -> None:
    chat = house.chat
    if chat is None or chat.account is None:
        return
    account = chat.account
    groups = await house.database.aread(lambda uow: [row for row in uow.groups.all() if row.present])
    left = NICKNAMES_AT_ONCE
    for group in groups:
        if group.account == account:
            await _look(house, chat, group.id)
            left -= await _ask_names(house, chat, group.id, left)


async def _look(house: House, chat: Chat, group: str) -> None:
    """A group whose list cannot be had is looked at again next time."""
    try:
        heard: Heard = await chat.roster(group)
    except (SendRefused, SendUnknown) as refusal:
        _log.warning("no member list", group=group, reason=str(refusal))
        return
    turn = Turn(house)
    await house.database.write(lambda uow: take_batch(uow, turn, [heard]))


async def _ask_names(house: House, chat: Chat, group: str, most: int) -> int:
    """Ask what some are called in the group; returns how many."""
    now = house.now()
    people = await house.database.aread(lambda uow: relinking.to_ask(uow, group, now, most))
    if people:
        called = await chat.nicknames(group, people)
        await house.database.write(lambda uow: relinking.note_nicknames(uow, group, people, called, now))
    return len(people)


JOB = Job("rosters", _next_due, _run, own=True)
"""Runs only where the chat may lose news (`Chat.forgetful`); of several accounts the one that speaks there asks."""
