"""The ear under load: a burst costs time and not memory, order is that of speaking, a command to the bot goes first."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest
from sqlalchemy import select

from bot.core.instants import SECOND
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.ports import Heard, MessageHeard, Person
from bot.wechat.adapter import WechatyChat
from handlers import ear as ear_module
from handlers.ear import MOST_AT_ONCE, Ear
from storage.database import Database
from storage.repositories.events import EVENTS
from storage.rows import RoleRow
from storage.unit_of_work import UnitOfWork
from tests.fakes import FakeChat
from tests.handlers.room import GROUP, NOON, HandClock, house_on

DIRECTOR = "店长"


@pytest.fixture
def house_ear(sqlite_database: Database) -> Ear:
    house = house_on(sqlite_database, HandClock(NOON))
    sqlite_database.write_sync(lambda uow: uow.roles.grant(RoleRow(DIRECTOR, "运营总监", 0)))
    return Ear(house, lambda: None)


@asynccontextmanager
async def hearing(ear: Ear) -> AsyncIterator[None]:
    task = asyncio.create_task(ear.run())
    try:
        yield
    finally:
        task.cancel()


def said(number: int, member: str = "甲", text: str = "", after: int = 0, group: str | None = GROUP) -> MessageHeard:
    text = text or f"第 {number} 本书讲的是历史里的小人物"
    return MessageHeard(f"m{number}", NOON + after * SECOND, Person(member, member), group, text)


def kept(database: Database) -> list[str]:
    """Ids of messages in the order they were dealt with."""

    def query(uow: UnitOfWork) -> list[str]:
        wanted = select(EVENTS.c.id).where(EVENTS.c.type == "message").order_by(EVENTS.c.seq)
        return list(uow.connection.scalars(wanted))

    return database.read(query)


async def told(ear: Ear, *heard: Heard) -> None:
    for one in heard:
        await ear.listen(one)
    async with hearing(ear):
        await ear.idle()


async def test_messages_that_wait_together_are_taken_as_said(house_ear: Ear, sqlite_database: Database) -> None:
    order = [3, 0, 4, 1, 2]
    await told(house_ear, *(said(n, text="全场清仓先到先得大家快来", after=n) for n in order))
    assert kept(sqlite_database) == ["m0", "m1", "m2", "m3", "m4"]
    warned = sqlite_database.read(lambda uow: [row.member for row in uow.outbox.page(kind="warning")])
    assert warned == ["甲"], "five of a kind are a flood, in whatever order they were told"


async def test_a_command_to_the_bot_overtakes_the_talk_and_hears_how_far_behind_it_is(
    house_ear: Ear, sqlite_database: Database
) -> None:
    talk = [said(n, f"成员{n % 40}", after=n) for n in range(450)]
    command = said(900, DIRECTOR, "#看板", after=450, group=None)
    await told(house_ear, *talk, command)
    order = kept(sqlite_database)
    assert len(order) == 451
    assert order.index("m900") < MOST_AT_ONCE
    (board,) = sqlite_database.read(lambda uow: uow.outbox.page(kind="admin"))
    assert f"还有 {451 - MOST_AT_ONCE} 条没处理完" in board.text


async def test_commands_of_one_admin_overtake_together_and_stay_in_order(
    house_ear: Ear, sqlite_database: Database
) -> None:
    talk = [said(n, f"成员{n % 40}", after=n) for n in range(450)]
    commands = [said(900 + n, DIRECTOR, "#看板", after=450 + n, group=None) for n in range(2)]
    await told(house_ear, *talk, *commands)
    order = kept(sqlite_database)
    assert order.index("m900") < order.index("m901") < MOST_AT_ONCE


async def test_talk_waits_until_a_burst_is_heard_for_a_command_may_be_in_it(sqlite_database: Database) -> None:
    """What the platform side has not looked into yet is heard first; where it is stuck the talk goes on."""
    house, chat, commits = house_on(sqlite_database, HandClock(NOON)), FakeChat(), asyncio.Queue[int]()
    sqlite_database.write_sync(lambda uow: uow.roles.grant(RoleRow(DIRECTOR, "运营总监", 0)))
    house.chat, chat.waiting = chat, 5_000
    ear = Ear(house, lambda: commits.put_nowait(len(kept(sqlite_database))))
    async with hearing(ear):
        await ear.listen(said(0))
        await asyncio.sleep(0)
        for n in range(1, 500):
            await ear.listen(said(n, f"成员{n % 40}", after=n))
        await ear.listen(said(900, DIRECTOR, "#看板", after=500, group=None))
        assert await commits.get() == MOST_AT_ONCE
        assert "m900" in kept(sqlite_database)
        await ear.idle()
    assert len(kept(sqlite_database)) == 501


async def test_a_burst_of_twenty_thousand_has_room_and_the_next_message_waits(sqlite_database: Database) -> None:
    house, first = house_on(sqlite_database, HandClock(NOON)), asyncio.Event()
    sqlite_database.write_sync(lambda uow: uow.roles.grant(RoleRow(DIRECTOR, "运营总监", 0)))
    ear = Ear(house, first.set)
    for n in range(19_999):
        await ear.listen(said(n, f"成员{n % 40}", after=n))
    await ear.listen(said(99_999, DIRECTOR, "#看板", group=None))
    assert ear.behind == 20_000
    beyond = asyncio.create_task(ear.listen(said(20_000, "成员0", after=20_000)))
    await asyncio.sleep(0)
    assert not beyond.done(), "the platform side waits"
    async with hearing(ear):
        await first.wait()
    await beyond
    assert "m99999" in kept(sqlite_database)[:MOST_AT_ONCE]
    (board,) = sqlite_database.read(lambda uow: uow.outbox.page(kind="admin"))
    assert f"还有 {20_000 - MOST_AT_ONCE} 条没处理完" in board.text


async def test_nothing_overtakes_what_its_own_sender_said_before(house_ear: Ear, sqlite_database: Database) -> None:
    talk = [said(n, DIRECTOR if n == 249 else f"成员{n % 40}", after=n) for n in range(250)]
    await told(house_ear, *talk, said(900, DIRECTOR, "#看板", after=250, group=None))
    assert kept(sqlite_database)[-2:] == ["m249", "m900"]


@contextmanager
def narrow(monkeypatch: pytest.MonkeyPatch, most: int) -> Iterator[None]:
    with monkeypatch.context() as patched:
        patched.setattr(ear_module, "WAITING_AT_MOST", most)
        yield


async def test_a_burst_is_taken_in_order_and_never_piles_up(
    sqlite_database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock = LocalClock(NOON, still=True)
    house = house_on(sqlite_database, clock)  # type: ignore[arg-type]
    with narrow(monkeypatch, 40):
        ear = Ear(house, lambda: None)
    group = LocalGroup(clock, GROUP)
    chat = WechatyChat(group.puppet, clock, bound=60)
    deepest = 0

    async def listen(heard: Heard) -> None:
        nonlocal deepest
        await ear.listen(heard)
        deepest = max(deepest, ear.behind)

    async with hearing(ear):
        await chat.start(listen)
        await chat.logged_in()
        spoken = [await group.say(f"成员{n % 40}", f"第 {n} 本书讲的是历史") for n in range(1000)]
        await chat.idle()
        await ear.idle()
        await chat.stop()
    assert kept(sqlite_database) == spoken
    assert chat.lost == 0
    assert deepest <= 40
