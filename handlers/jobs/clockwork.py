"""What drives the schedule in real time: APScheduler with a memory store; what has run is known from the ledger alone.

`misfire_grace_time=None`: a turn that comes late is still a turn (the library's own default drops it after one second).
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

LONGEST_NAP = 30
"""Seconds after which a turn is taken even if nothing asked for one."""
SOON = 0.1
"""Seconds from a wake to its turn: a busy group wakes it hundreds of times a second, and one turn serves them all."""
TURN, EARLY = "turn", "early"

Turn = Callable[[], Awaitable[float]]
"""Does what is due; returns the seconds until something falls due again."""


class Clockwork:
    """Calls `turn` every half minute, at the time it asked for, and whenever it is woken; never twice at once."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn
        self._busy = self._again = False
        # Two instances: a turn that asks for the next at its end still counts as running when that one is started, and
        # the scheduler would drop it. `_busy` sees to it that no two turns overlap.
        self._scheduler = AsyncIOScheduler(
            timezone=UTC, job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 2}
        )

    def start(self) -> None:
        self._scheduler.add_job(self._take, "interval", seconds=LONGEST_NAP, id=TURN, next_run_time=datetime.now(UTC))
        self._scheduler.start()

    def wake(self) -> None:
        """Take a turn soon, also when one is under way."""
        if self._busy:
            self._again = True
        elif self._scheduler.running:
            self._at(SOON)

    def set_right(self) -> None:
        """After the machine's clock was set: turns are taken from now on, not when the old time comes again."""
        if self._scheduler.running:
            self._scheduler.reschedule_job(TURN, trigger="interval", seconds=LONGEST_NAP)
            self._scheduler.modify_job(TURN, next_run_time=datetime.now(UTC))

    def stop(self) -> None:
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _take(self) -> None:
        if self._busy:
            self._again = True
            return
        self._busy = True
        try:
            nap = await self._turn()
        except asyncio.CancelledError:  # `stop` during a turn; the scheduler would take it for a failure
            return
        finally:
            self._busy = False
        if self._again:
            self._again, nap = False, min(nap, SOON)
        if nap < LONGEST_NAP:
            self._at(nap)

    def _at(self, seconds: float) -> None:
        when = datetime.now(UTC) + timedelta(seconds=seconds)
        known = self._scheduler.get_job(EARLY)
        if known is None or known.next_run_time is None or known.next_run_time > when:
            self._scheduler.add_job(self._take, "date", run_date=when, id=EARLY, replace_existing=True)
