"""Bots at the real gateway, for measuring: a bare wechaty bot and the whole of this one, each with a tally.

The gateway is that of tests/wechat/gateway (npm's puppet-service over puppet-mock); `make test-gateway` installs it.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.cli.house import house_of
from bot.cli.live import set_mode
from bot.runtime import Runtime
from bot.wechat.adapter import WechatyChat
from bot.wechat.gateway import gateway_factory
from bot.wechat.library import AsyncIOScheduler, PuppetOptions, Wechaty, WechatyOptions
from config.settings import Settings
from handlers.house import House
from storage.repositories.events import EVENTS
from storage.unit_of_work import UnitOfWork
from tests.bench.corpus import sentences
from tests.wechat.gateway.node import NodeGateway

LINE = "line0"
GROUP = "读书会@chatroom"
WITHIN = 300.0
BOSS = "校长"


def micros() -> int:
    return time.time_ns() // 1000


class Tally:
    """When each message was done with, in the order of being done with; an id ends in its microsecond of emission."""

    def __init__(self) -> None:
        self.ids: Callable[[], list[str]] = list
        self.done: list[int] = []

    async def reach(self, number: int) -> None:
        async with asyncio.timeout(WITHIN):
            while len(self.done) < number:  # noqa: ASYNC110 - the other side is a process, which sets no event of ours
                await asyncio.sleep(0.01)


async def talk(gateway: NodeGateway, mark: str, count: int, rate: int) -> None:
    """`count` messages in the group, `rate` a second (0: at once); returns when the last is emitted."""
    texts = sentences(500)
    people = ["甲", "乙"]
    await gateway.ask("talk", WITHIN, mark=mark, count=count, rate=rate, room=GROUP, people=people, texts=texts)


class _Bare(Wechaty):
    """Reads what a bot reads of each message, and keeps nothing; `echoes`: says it again in the group."""

    def __init__(self, puppet: Any, heard: Callable[[str], None], *, echoes: bool) -> None:
        options = WechatyOptions(puppet=puppet, puppet_options=PuppetOptions(), scheduler=AsyncIOScheduler(), port=1)
        super().__init__(options)
        self._heard, self._echoes = heard, echoes
        self.own = 0

    async def on_message(self, msg: Any) -> None:
        if msg.is_self():
            self.own += 1
            return
        text, _, _ = msg.text(), msg.talker(), msg.room()
        if self._echoes:
            await msg.say(text)
        self._heard(msg.message_id)


@asynccontextmanager
async def bare(gateway: NodeGateway, folder: Path, *, echoes: bool = False) -> AsyncIterator[Tally]:
    """wechaty and nothing else; done with a message once it is read, or said again."""
    tally, ids = Tally(), list[str]()
    tally.ids = lambda: ids

    def heard(id_: str) -> None:
        ids.append(id_)
        tally.done.append(micros())

    puppet = gateway_factory(gateway.token, gateway.endpoint)()
    bot = _Bare(puppet, heard, echoes=echoes)
    await bot.init_puppet()
    await bot.init_puppet_event_bridge(puppet)
    listening = asyncio.create_task(puppet.start())
    try:
        await asyncio.sleep(1)
        yield tally
        async with asyncio.timeout(WITHIN):
            while bot.own < len(gateway.sent):  # noqa: ASYNC110 - as in Tally
                await asyncio.sleep(0.01)
    finally:
        await puppet.stop()
        listening.cancel()
        with suppress(asyncio.CancelledError, Exception):
            await listening


class _Commits:
    """The fault port as a stop-watch: right after a commit everything counted so far is on disk."""

    def __init__(self, counted: Callable[[], int], done: list[int]) -> None:
        self._counted, self._done = counted, done

    def at(self, point: str) -> None:
        if point == "ingest.kept":
            self._done += [micros()] * (self._counted() - len(self._done))


@asynccontextmanager
async def whole(gateway: NodeGateway, folder: Path) -> AsyncIterator[Tally]:
    """The bot as it runs, watching only; done with a message once it is on disk."""
    async with resident(gateway, folder, "observe") as (tally, _):
        yield tally


@asynccontextmanager
async def resident(gateway: NodeGateway, folder: Path, mode: str) -> AsyncIterator[tuple[Tally, House]]:
    """The bot as it runs, with what is inside."""
    tally = Tally()
    settings = Settings(database_url=f"sqlite:///{folder / 'bench.db'}", http_port=0, directors=(BOSS,))
    with house_of(settings) as house:
        house.reader.read("热身")
        house.faults = _Commits(lambda: house.status.messages, tally.done)
        house.chat = chat = WechatyChat(gateway_factory(gateway.token, gateway.endpoint), house.clock)
        tally.ids = lambda: house.database.read(_ids)
        await set_mode(house, mode)
        runtime = Runtime(house)
        await runtime.start()
        try:
            await chat.logged_in()
            await asyncio.sleep(1)
            yield tally, house
        finally:
            await runtime.stop()


def _ids(uow: UnitOfWork) -> list[str]:
    """Messages in the order they were committed."""
    wanted = select(EVENTS.c.id).where(EVENTS.c.type == "message").order_by(EVENTS.c.seq)
    return list(uow.connection.scalars(wanted))
