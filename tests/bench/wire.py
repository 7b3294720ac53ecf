"""Over real gRPC: from the gateway's emit to the commit, beside a bare wechaty bot at the same gateway in the same run.

The gateway is that of tests/wechat/gateway (npm's puppet-service over puppet-mock); `make test-gateway` installs it.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
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
from storage.repositories.events import EVENTS
from storage.unit_of_work import UnitOfWork
from tests.bench.corpus import sentences
from tests.wechat.gateway.node import NodeGateway, missing, node_gateway

LINE = "line0"
RATE, PACED, BURST = 300, 1500, 3000
GROUP = "读书会@chatroom"
WITHIN = 120.0
Row = tuple[str, str, str, str, str]


def micros() -> int:
    return time.time_ns() // 1000


def rows(file: Path | None, count: int) -> Iterator[Row]:
    if why := missing(LINE):
        yield "网关到落库", why, "—", "—", "—"
        return
    bare_delays, bare_pace = asyncio.run(_measured(_bare))
    delays, pace = asyncio.run(_measured(_whole))
    for name, share, bar in (("p50", 0.5, 15), ("p99", 0.99, 150)):
        ours, theirs = _share(delays, share), _share(bare_delays, share)
        shown = f"{theirs:.1f} ms 裸 wechaty"
        yield f"网关发出→落库，{RATE} 条/s，{name}", f"{ours:.1f} ms", shown, f"{ours / theirs:.2f}", f"≤ {bar} ms"
    shown = f"{bare_pace:.0f} 条/s 裸 wechaty"
    yield f"网关突发 {BURST:,} 条", f"{pace:.0f} 条/s", shown, f"{pace / bare_pace:.2f}", "≥ 0.8"


def _share(delays: Sequence[int], share: float) -> float:
    """That quantile of the delays, in milliseconds."""
    return sorted(delays)[int(share * (len(delays) - 1))] / 1000


class Tally:
    """When each message was done with, in the order of being done with; an id ends in its microsecond of emission."""

    def __init__(self) -> None:
        self.ids: Callable[[], list[str]] = list
        self.done: list[int] = []

    async def reach(self, number: int) -> None:
        async with asyncio.timeout(WITHIN):
            while len(self.done) < number:  # noqa: ASYNC110 - the other side is a process, which sets no event of ours
                await asyncio.sleep(0.01)


async def _measured(bot: Callable[[NodeGateway, Path], Any]) -> tuple[list[int], float]:
    """Delays of a paced talk in microseconds, and messages a second of a burst."""
    with tempfile.TemporaryDirectory() as folder:
        async with node_gateway(LINE) as gateway:
            await gateway.settle("login", id="bot")
            async with bot(gateway, Path(folder)) as tally:
                await _talk(gateway, "warm", 50, RATE)
                await tally.reach(50)
                await _talk(gateway, "paced", PACED, RATE)
                await tally.reach(50 + PACED)
                began = micros()
                await _talk(gateway, "burst", BURST, 0)
                await tally.reach(50 + PACED + BURST)
                pairs = zip(tally.ids(), tally.done, strict=False)
                delays = [at - int(id_.rpartition("-")[2]) for id_, at in pairs if id_.startswith("paced")]
                return delays, BURST / ((tally.done[50 + PACED + BURST - 1] - began) / 1e6)


async def _talk(gateway: NodeGateway, mark: str, count: int, rate: int) -> None:
    texts = sentences(500)
    await gateway.ask("talk", WITHIN, mark=mark, count=count, rate=rate, room=GROUP, people=["甲", "乙"], texts=texts)


class _Bare(Wechaty):
    """Reads what a bot reads of each message, and keeps nothing."""

    def __init__(self, puppet: Any, heard: Callable[[str], None]) -> None:
        options = WechatyOptions(puppet=puppet, puppet_options=PuppetOptions(), scheduler=AsyncIOScheduler(), port=1)
        super().__init__(options)
        self._heard = heard

    async def on_message(self, msg: Any) -> None:
        if msg.text() and msg.talker() and msg.room():
            self._heard(msg.message_id)


@asynccontextmanager
async def _bare(gateway: NodeGateway, folder: Path) -> AsyncIterator[Tally]:
    tally, ids = Tally(), list[str]()
    tally.ids = lambda: ids

    def heard(id_: str) -> None:
        ids.append(id_)
        tally.done.append(micros())

    puppet = gateway_factory(gateway.token, gateway.endpoint)()
    bot = _Bare(puppet, heard)
    await bot.init_puppet()
    await bot.init_puppet_event_bridge(puppet)
    listening = asyncio.create_task(puppet.start())
    try:
        await asyncio.sleep(1)
        yield tally
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
async def _whole(gateway: NodeGateway, folder: Path) -> AsyncIterator[Tally]:
    tally = Tally()
    with house_of(Settings(database_url=f"sqlite:///{folder / 'bench.db'}", http_port=0)) as house:
        house.reader.read("热身")
        house.faults = _Commits(lambda: house.status.messages, tally.done)
        house.chat = chat = WechatyChat(gateway_factory(gateway.token, gateway.endpoint), house.clock)
        tally.ids = lambda: house.database.read(_ids)
        await set_mode(house, "observe")
        runtime = Runtime(house)
        await runtime.start()
        try:
            await chat.logged_in()
            await asyncio.sleep(1)
            yield tally
        finally:
            await runtime.stop()


def _ids(uow: UnitOfWork) -> list[str]:
    """Messages in the order they were committed."""
    wanted = select(EVENTS.c.id).where(EVENTS.c.type == "message").order_by(EVENTS.c.seq)
    return list(uow.connection.scalars(wanted))
