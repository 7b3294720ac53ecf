"""After late facts came in: what they have disturbed is judged again, and whose past they changed is folded again."""

from __future__ import annotations

import asyncio

from bot.services import lateness, rejudging
from handlers.comparing import compare_again
from handlers.house import House
from storage.unit_of_work import UnitOfWork


def judge_again(house: House) -> None:
    """Judge the stretches of talk that late facts have disturbed."""
    if house.database.read(rejudging.disturbed) is None:
        return

    def unit(uow: UnitOfWork) -> bool:
        changed, more = rejudging.rejudge(uow, house.world(uow, house.now()))
        lateness.mark(uow, changed)
        return more

    while house.database.write_sync(unit):
        pass
    house.context.forget()


async def put_right(house: House) -> None:
    """Both, in a thread: a running bot goes on hearing meanwhile."""
    await asyncio.to_thread(judge_again, house)
    await asyncio.to_thread(fold_again, house)


def leave_no_trace(house: House) -> None:
    """After somebody was forgotten: whoever was in touch with him is folded again, and the files keep nothing."""
    house.untidy = False
    fold_again(house)
    house.database.scrub()


def fold_again(house: House) -> None:
    """Fold the members again whose past was changed, and compare again what was compared with it."""
    now = house.now()
    house.refresh()
    while house.database.write_sync(lambda uow: lateness.fold_again(uow, house.world(uow, now), now)):
        pass
    compare_again(house, now)
