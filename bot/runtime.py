"""The one place where everything is put together, started and stopped in order."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Sequence
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from bot.core.events import Event
from bot.core.garbage import collector_at_ease
from bot.core.instants import MINUTE, SECOND, Instant
from bot.log import get_logger
from bot.services import delivery, roles
from bot.services.intake import Recorded
from handlers.afterwards import leave_no_trace, put_right
from handlers.ear import Ear
from handlers.heartbeat import Heartbeat
from handlers.house import House
from handlers.jobs import JOBS, Schedule
from handlers.jobs.clockwork import LONGEST_NAP, Clockwork
from handlers.outbox import Pump
from handlers.pauses import human
from handlers.preparing import prepare
from handlers.turn import record
from storage.run_lock import RunLock
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.localgroup.stage import Stage
    from handlers.web.server import WebServer

LOOK = 1 * SECOND
"""How often, at most, the running bot asks its jobs what is due: that costs queries, and every message wakes it."""
QUIET = 1 * MINUTE
"""How often it asks when nothing has happened: other processes and commands may have changed what falls due."""

_log = get_logger(__name__)


class Runtime:
    """A running bot. With `driven` nothing moves by itself: `settle` and `advance` do (scripts, demo, tests).

    stage: the local group it lives in, for a page to play in.
    """

    def __init__(self, house: House, *, driven: bool = False, stage: Stage | None = None) -> None:
        assert house.chat is not None
        self.house = house
        self.chat = house.chat
        self._driven = driven
        self.stage = stage
        self._clockwork = Clockwork(self._real_turn)
        self._ear = Ear(house, self._woken)
        self._pump = Pump(house, human(secrets.randbits(32)) if self.chat.forgetful else None)
        self._schedule = Schedule(house, JOBS)
        self._lock = RunLock(house.database)
        self.web: WebServer | None = None
        """The web side, from `start` to `stop`; a driven bot has none."""
        self._tasks: list[asyncio.Task[None]] = []
        self._at_ease = ExitStack()
        self._turning = asyncio.Lock()
        self._next: Instant | None = None
        self._job: Instant | None = None
        self._asked: tuple[object, ...] | None = None
        self._looked: Instant = 0
        self._stirred = True
        self._working: asyncio.Task[None] | None = None
        self._heart = Heartbeat(house, self._clockwork)

    async def start(self) -> str | None:
        """Take the database, settle what a crash left, listen. Returns the first director's one-time code, if any."""
        self._lock.acquire()
        try:
            code = await self.house.database.write(self._begin)
            await self._pump.recover(self.house.now())
            await self._schedule.recover()
            self.house.untidy = True
            await self.chat.start(self._ear.listen)
        except BaseException:
            self._lock.release()
            raise
        _log.info("started", mode=self.house.database.read(delivery.mode))
        self._at_ease.enter_context(collector_at_ease())
        self._tasks.append(asyncio.create_task(self._ear.run(), name="ear"))
        if not self._driven:
            self._tasks.append(asyncio.create_task(self._heart.run(), name="heart"))
            self._clockwork.start()
            await self._open_web()
        return code

    async def _open_web(self) -> None:
        # Loaded here, so that a script or a demo does not wait for a web framework.
        from handlers.web.server import WebServer
        from handlers.web.site import Site

        self.web = WebServer(
            Site(self.house, self.take, self.put_right, lambda: self._ear.behind, self._woken, self.stage)
        )
        refused = await self.web.start()
        self.house.web_at = self.web.address
        if refused is not None:
            _log.warning(refused)

    def _woken(self) -> None:
        self._stirred = True
        if not self._driven:
            self._clockwork.wake()

    def _begin(self, uow: UnitOfWork) -> str | None:
        now = self.house.now()
        self._heart.begin(uow)
        return roles.first_director(uow, self.house.settings.directors, now)

    async def stop(self) -> None:
        """Stop hearing, finish what is being written, leave; nothing is left behind."""
        await asyncio.gather(self.chat.stop(), *([] if self.web is None else [self.web.stop()]))
        with suppress(TimeoutError):
            async with asyncio.timeout(2):
                await self._ear.idle()
        self._clockwork.stop()
        tasks = [*self._tasks, *([] if self._working is None else [self._working])]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        self._tasks = []
        await self._heart.stop()
        self._at_ease.close()
        self._lock.release()
        _log.info("stopped")

    async def settle(self) -> None:
        """Deal with everything heard, and send everything that may go now."""
        await self._ear.idle()
        await self._turn()
        await self._ear.idle()

    async def advance(self, to: Instant) -> None:
        """Move a clock that can be moved to `to`, stopping wherever something falls due on the way."""
        await self.settle()
        while (due := self._next_due()) is not None and due <= to:
            before = self.house.now()
            self._move(min(to, due if due > before else before + SECOND))
            await self.settle()
            if self.house.now() >= to:
                break
        self._move(to)
        await self.settle()

    def _move(self, to: Instant) -> None:
        if to > self.house.now():
            self.house.clock.move_to(to)  # type: ignore[attr-defined]

    async def finish_sending(self, within: int = 15 * MINUTE) -> None:
        """Let what is waiting to be said be said, as far as it falls due `within` the given microseconds."""
        end = self.house.now() + within
        await self.settle()
        while (due := self._next_due()) is not None and due <= end and self.house.now() <= end:
            await self.advance(max(due, self.house.now() + SECOND))

    async def _real_turn(self) -> float:
        try:
            await self._turn()
        except Exception as error:  # noqa: BLE001 - the next turn is due, whatever ended this one
            _log.error("a turn of the schedule failed", error=type(error).__name__)
        return self._nap()

    async def _turn(self) -> None:
        """Run what is due, then send what may go. A driven bot finishes the one before the other; a running bot sends
        while its jobs work: an evaluation or a slow gateway must keep nobody waiting for an answer."""
        async with self._turning:
            now = self.house.now()
            if self._driven:
                if self.house.siblings.several:
                    await self._heart.beat()
                await self._run_jobs(now)
            elif self._working is None and self._may_look(now):
                self._working = asyncio.create_task(self._work(now), name="jobs")
            self._next = await self._pump.drain(self.house.now())
            if self.house.untidy:
                await asyncio.to_thread(leave_no_trace, self.house)

    async def _run_jobs(self, now: Instant) -> None:
        """For a driven bot: run what is due. Until something is written, nothing falls due before the time known."""
        stamp = self.house.database.stamp()
        if stamp is None or stamp != self._asked or (self._job is not None and self._job <= now):
            self._job, self._asked = await self._schedule.run_due(now), stamp

    def _may_look(self, now: Instant) -> bool:
        """Whether to ask the jobs what is due: at a due time, soon after something happened, and now and then."""
        passed = now - self._looked
        if self._stirred and 0 <= passed < LOOK:
            self._job = min(self._looked + LOOK, self._job or self._looked + LOOK)
        due = self._job is not None and self._job <= now
        return due or not 0 <= passed < (LOOK if self._stirred else QUIET)

    async def _work(self, now: Instant) -> None:
        """Run what is due, and see when to look again."""
        self._stirred, self._job, self._looked = False, None, now
        try:
            self._job = await self._schedule.run_due(now)
        except Exception as error:  # noqa: BLE001 - the next look is due, whatever ended this one
            _log.error("looking for due jobs failed", error=type(error).__name__)
        self._working = None
        self._clockwork.wake()

    def _next_due(self) -> Instant | None:
        if self._driven and ((stamp := self.house.database.stamp()) is None or stamp != self._asked):
            self._job, self._asked = self._schedule.next_due(self.house.now()), stamp
        return min((at for at in (self._job, self._next) if at is not None), default=None)

    def _nap(self) -> float:
        """Seconds until something falls due."""
        due = self._next_due()
        return LONGEST_NAP if due is None else max(0.05, (due - self.house.now()) / SECOND)

    async def take(self, events: Sequence[Event]) -> Recorded:
        """Take facts that come from elsewhere than the chat (orders, clicks); they are dealt with as if heard."""
        house = self.house
        house.reader.foresee([event.text for event in events if event.text])
        batch = [
            prepare(event, house.reader, house.traces, house.introductions, house.ads(event.at)) for event in events
        ]
        recorded = await self.house.database.write(lambda uow: record(uow, self.house, batch))
        self._woken()
        return recorded

    async def put_right(self) -> None:
        """After a batch of facts: what late ones have disturbed is judged and folded again."""
        await put_right(self.house)
