"""Keeping a connection: connect again, after a growing pause, whenever it ends, whether it raised or just returned."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable

from bot.wechat.endings import Ending, ending_of

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 60.0
_JITTER = 0.2
_SLOW = 16
"""An attempt number at which the pause is the longest."""


def pause_before(attempt: int, chance: float) -> float:
    """Seconds to wait before attempt number `attempt` (1 is the first repeat): doubling from 1 s to 60 s, ±20 %.

    chance: a random number in 0–1; without it a gateway that comes back would meet all its bots at once.
    """
    plain = min(LONGEST_PAUSE, FIRST_PAUSE * 2.0 ** min(attempt - 1, 16))
    return plain * (1 + _JITTER * (2 * chance - 1))


class Supervisor:
    """Runs `connect` for ever; `ended` is told each end. What only a person can mend is tried again slowly."""

    def __init__(
        self,
        connect: Callable[[], Awaitable[None]],
        ended: Callable[[Ending], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._connect = connect
        self._ended = ended
        self._sleep = sleep
        self._chance = chance
        self._attempt = 0

    def steady(self) -> None:
        """The connection works (the account is logged in): the next pause is the shortest again."""
        self._attempt = 0

    async def run(self) -> None:
        while True:
            ending = await self._once()
            self._ended(ending)
            self._attempt += 1
            await self._sleep(pause_before(_SLOW if ending.slow else self._attempt, self._chance()))

    async def _once(self) -> Ending:
        """One connection, to its end, in a task of its own: grpclib cancels the task whose stream breaks, and that
        must not look as if somebody had asked the supervisor to stop."""
        connection = asyncio.ensure_future(self._connect())
        try:
            await asyncio.wait([connection])
        finally:
            if not connection.done():
                connection.cancel()
                await asyncio.wait([connection])
        return ending_of(None if connection.cancelled() else connection.exception())
