"""The signs of life of this process and its account, and what it learns meanwhile of the others."""

from __future__ import annotations

import asyncio

from bot.core.instants import SECOND
from bot.log import get_logger
from bot.services import accounts, deafness, views
from handlers.arrivals import note_gap
from handlers.house import House
from handlers.jobs.clockwork import Clockwork
from storage.unit_of_work import UnitOfWork

SPAN: float = 20
"""Seconds from one sign of life to the next: an account is taken for away when four have failed to appear."""
JUMP: float = 5
"""Seconds by which the clock on the wall may differ from a steady one over that span; clocks are slewed by less."""
_log = get_logger(__name__)


class Heartbeat:
    """Writes down, again and again, that this process runs and whether its account listens."""

    def __init__(self, house: House, clockwork: Clockwork) -> None:
        self._house, self._clockwork = house, clockwork

    def begin(self, uow: UnitOfWork) -> None:
        """At start-up: while nobody ran nobody listened."""
        now = self._house.now()
        accounts.note_running(uow, self._house.owner, now)
        note_gap(uow, self._house, now)
        uow.deployment.put(deafness.ALIVE, str(now))

    async def run(self) -> None:
        """Beat for ever."""
        while True:
            try:
                await self.beat()
            except Exception as error:  # noqa: BLE001 - a database that is away for a moment must not stop the heart
                _log.warning("no sign of life could be written", error=type(error).__name__)
            await self._pause()

    async def _pause(self) -> None:
        loop, wall = asyncio.get_running_loop(), self._house.now()
        steady = loop.time()
        await asyncio.sleep(SPAN)
        off = (self._house.now() - wall) / SECOND - (loop.time() - steady)
        if abs(off) > JUMP:
            _log.warning("the clock was set", seconds=round(off))
            self._clockwork.set_right()

    async def beat(self) -> None:
        """Give one sign of life."""
        taken = await self._house.database.write(self._beat)
        if taken:
            _log.warning("this account speaks from now on", groups=len(taken))
            self._clockwork.wake()

    def _beat(self, uow: UnitOfWork) -> list[str]:
        """Returns the groups in which the account has taken over from one that is away."""
        house, now = self._house, self._house.now()
        account = house.status.account
        uow.deployment.put(views.ALIVE, str(now))
        accounts.note_running(uow, house.owner, now)
        if not house.status.connected or account is None:
            return []
        uow.deployment.put(deafness.ALIVE, str(now))
        uow.accounts.beat(account, now)
        if not house.siblings.possible:
            return []
        house.siblings.look(uow, account, now)
        house.siblings.tell(house.chat)
        return accounts.hand_over(uow, account, house.owner, now)[1] if house.siblings.several else []

    async def stop(self) -> None:
        """In good order: the others need not wait for the signs of life to fail."""
        await self._house.database.write(self._stop)

    def _stop(self, uow: UnitOfWork) -> None:
        house, now = self._house, self._house.now()
        if house.status.connected:
            uow.deployment.put(deafness.ALIVE, str(now))
        if house.status.account is not None:
            accounts.note_stopped(uow, house.status.account, now, listened=house.status.connected)
