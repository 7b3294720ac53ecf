"""GroupSim: the whole bot in a group, for stories of weeks in milliseconds.

Everything but the platform and the clock is real: the runtime, its jobs, its outbox, a database.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from sqlalchemy import select

from bot.core.events import Event
from bot.core.instants import SECOND, Instant, Span, parse_instant
from bot.ports import FriendHeard, GroupEntered, Heard, JoinHeard, LeaveHeard, MessageHeard, Person
from bot.runtime import Runtime
from bot.services import tagging
from storage.database import Database
from storage.repositories.jobs import JOBS
from storage.rows import OutboxRow, RoleRow
from storage.unit_of_work import UnitOfWork
from tests.fakes import FakeChat, FakeClock, Sent
from tests.handlers.room import house_on

NINE = parse_instant("2026-03-02T09:00:00+08:00")
GROUP = "读书会"


class GroupSim:
    """People do something, each deed takes a second; deeds return what the bot said meanwhile.

    Several on one database, with accounts of their own, are processes of one deployment; they share a clock.
    """

    def __init__(
        self, url: str, at: Instant = NINE, account: str = "bot", clock: FakeClock | None = None, port: int = 8080
    ) -> None:
        self.url = url
        self.clock = clock or FakeClock(at)
        self.chat = FakeChat(account, clock=self.clock)
        self._port = port
        self._number = 0

    async def begin(self) -> list[Sent]:
        """Start the bot."""
        self.database = Database(self.url)
        self.house = house_on(self.database, self.clock, self._port)  # type: ignore[arg-type]
        self.house.chat = self.chat
        self.runtime = Runtime(self.house, driven=True)
        before = len(self.chat.sent)
        try:
            self.code = await self.runtime.start()
        except BaseException:
            self.database.close()
            raise
        await self.runtime.settle()
        return self.chat.sent[before:]

    async def end(self) -> None:
        await self.runtime.stop()
        self.database.close()

    async def crash(self) -> None:
        """The process is gone from one moment to the next; it writes nothing down any more."""
        self.chat.listener = None
        for task in self.runtime._tasks:
            task.cancel()
        await asyncio.gather(*self.runtime._tasks, return_exceptions=True)
        self.database.close()

    async def restart(self, after: Span = 0) -> list[Sent]:
        """Stop, let time pass, start again on the same database; the platform goes on."""
        await self.end()
        self.clock.move_to(self.clock.at + after)
        return await self.begin()

    async def hear(self, *heard: Heard) -> list[Sent]:
        before = len(self.chat.sent)
        for one in heard:
            await self.chat.tell(one)
        await self.runtime.settle()
        return self.chat.sent[before:]

    async def enter(self, *people: str, group: str = GROUP) -> list[Sent]:
        """The account comes into a group in which `people` are."""
        return await self.hear(GroupEntered(self._tick(), group, group, tuple(Person(one, one) for one in people)))

    async def join(self, *people: str, group: str = GROUP, inviter: str | None = None) -> list[Sent]:
        by = None if inviter is None else Person(inviter, inviter)
        return await self.hear(JoinHeard(self._tick(), group, tuple(Person(one, one) for one in people), by))

    async def leave(self, person: str, group: str = GROUP) -> list[Sent]:
        return await self.hear(LeaveHeard(self._tick(), group, (Person(person, person),)))

    async def say(self, person: str, *texts: str, to_bot: bool = False, group: str = GROUP) -> list[Sent]:
        """Say `texts` in the group, all before the bot has dealt with the first."""
        return await self.hear(*(self._message(person, text, group, to_bot) for text in texts))

    async def direct(self, person: str, text: str) -> list[Sent]:
        return await self.hear(self._message(person, text, None, False))

    async def befriend(self, *people: str) -> list[Sent]:
        return await self.hear(*(FriendHeard(self._tick(), Person(one, one)) for one in people))

    async def pay(self, person: str, yuan: int) -> None:
        body = {"order": f"o{self._number}", "amount_yuan": yuan * 100}
        await self.take(Event("order", self._id(), self._tick(), person, None, body))

    async def consent(self, person: str, *purposes: str) -> None:
        await self.take(
            Event("consent", self._id(), self._tick(), person, None, {"purposes": list(purposes), "granted": True})
        )

    async def take(self, event: Event) -> None:
        await self.runtime.take([event])
        await self.runtime.settle()

    async def advance(self, span: Span) -> list[Sent]:
        """Let time pass through everything that falls due."""
        before = len(self.chat.sent)
        await self.runtime.advance(self.clock.at + span)
        return self.chat.sent[before:]

    def appoint(self, person: str, role: str) -> None:
        """Give a role without ceremony."""
        self.database.write_sync(lambda uow: uow.roles.grant(RoleRow(person, role, 0)))

    def rows(self, kind: str | None = None) -> list[OutboxRow]:
        rows = self.database.read(lambda uow: uow.outbox.page(limit=10_000))
        return [row for row in rows if kind in (None, row.kind)]

    def tags(self, member: str) -> dict[str, str]:
        """The member's tags now, value by path; several values of one path are joined."""
        at = self.clock.at
        world = self.database.read(lambda uow: self.house.world(uow, at))
        held = self.database.read(lambda uow: tagging.look(uow, [member], world, at)[member].tags)
        found: dict[str, list[str]] = {}
        for path, value in sorted(held):
            found.setdefault(path, []).append(value)
        return {path: "、".join(values) for path, values in found.items()}

    def stage(self, member: str) -> str | None:
        row = self.database.read(lambda uow: uow.members.get(member))
        return None if row is None else row.stage

    def jobs(self, name: str) -> list[Instant]:
        """Due times a job was run for."""

        def look(uow: UnitOfWork) -> list[Instant]:
            runs = select(JOBS.c.due_at).where(JOBS.c.name == name).order_by(JOBS.c.due_at)
            return list(uow.connection.scalars(runs))

        return self.database.read(look)

    def deaf(self) -> list[tuple[Instant, Instant]]:
        """Spans in which the bot was not listening."""
        spans = self.database.read(lambda uow: uow.events.deaf(self.clock.at))
        return [(start, end) for start, end, _ in spans]

    def _message(self, person: str, text: str, group: str | None, to_bot: bool) -> MessageHeard:
        return MessageHeard(self._id(), self._tick(), self.chat.person(person), group, text, mentions_me=to_bot)

    def _tick(self) -> Instant:
        self.clock.move_to(self.clock.at + SECOND)
        return self.clock.at

    def _id(self) -> str:
        self._number += 1
        return f"m{self._number}"


@asynccontextmanager
async def group_sim(url: str, at: Instant = NINE) -> AsyncIterator[GroupSim]:
    """A bot that is running inside, and stopped at the end."""
    sim = GroupSim(url, at)
    await sim.begin()
    try:
        yield sim
    finally:
        await sim.end()
