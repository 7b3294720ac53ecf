"""Telling a listener what was heard, in the order of speaking; what it does with that is its own affair."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable
from enum import Enum

from bot.ports import Heard, Listener
from bot.wechat.sequence import Sequence
from bot.wechat.trace import reference, where

STANDSTILL, READING = 0.05, 0.05
"""Seconds by which an alarm that comes late shows a standstill, and that what arrived in it is given to be read."""

log = logging.getLogger(__name__)


class Time(Enum):
    """It is time to tell of what waits for its order: what has waited long enough, or everything."""

    DUE = "due"
    REST = "rest"


class Telling:
    """`wake` is called when something has waited long enough; it must see to it that `time` is called in its turn."""

    def __init__(self, wake: Callable[[Time], None]) -> None:
        self._wake = wake
        self._order = Sequence()
        self._alarm: asyncio.TimerHandle | None = None
        self.listener: Listener | None = None

    @property
    def waits(self) -> bool:
        """Whether something heard waits for its order."""
        return self._alarm is not None

    async def hear(self, heard: Iterable[Heard]) -> None:
        """Tell of each at once, or keep it until its turn in its group has come."""
        now = asyncio.get_running_loop().time()
        for one in heard:
            await self._tell_all(self._order.take(one, now))
        self._set_alarm()

    async def time(self, which: Time) -> None:
        """Tell of what waited."""
        self.silence()
        now = asyncio.get_running_loop().time()
        await self._tell_all(self._order.due(now) if which is Time.DUE else self._order.rest())
        self._set_alarm()

    def silence(self) -> None:
        """Wake nobody any more."""
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = None

    def _set_alarm(self) -> None:
        due = self._order.next_due() if self._alarm is None else None
        if due is not None:
            self._alarm = asyncio.get_running_loop().call_at(due, self._ring, due)

    def _ring(self, due: float) -> None:
        """The time has come. When it came late this process stood still: what arrived meanwhile is read first."""
        loop = asyncio.get_running_loop()
        if loop.time() - due > STANDSTILL:
            self._alarm = loop.call_later(READING, self._wake, Time.DUE)
        else:
            self._wake(Time.DUE)

    async def _tell_all(self, heard: Iterable[Heard]) -> None:
        for one in heard:
            await self._tell(one)

    async def _tell(self, heard: Heard) -> None:
        if self.listener is None:
            return
        try:
            await self.listener(heard)
        except Exception as error:  # noqa: BLE001 - one message must not deafen the account; its text is never logged
            log.error("处理 %s %s 失败（%s）", type(heard).__name__, reference(heard), where(error))
