"""A flood through the real gateway: what it takes of memory, how long anything else has to wait, and in which order.

While it lasts an admin asks for the board in the direct chat, some of the way in and again later.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from handlers.house import House
from tests.bench.stages import BOSS, LINE, Tally, micros, resident, talk
from tests.wechat.gateway.node import NodeGateway, missing, node_gateway

FLOOD = 20_000
ASKED_AFTER = (0.5, 10.0)
"""Seconds after the beginning at which the admin asks."""
TICK = 0.005
Row = tuple[str, str, str, str, str]


@dataclass(slots=True)
class Flood:
    """Seconds, and megabytes. most_behind: by how much the bot said it was behind; waited: of each question."""

    lasted: float = 0.0
    in_order: bool = False
    grown: float = 0.0
    longest_stall: float = 0.0
    most_behind: int = 0
    waited: list[float] = field(default_factory=list)


def rows(file: Path | None, count: int) -> Iterator[Row]:
    if why := missing(LINE):
        yield "突发洪峰", why, "—", "—", "—"
        return
    seen = asyncio.run(_flood())
    head = f"洪峰 {FLOOD:,} 条"
    yield f"{head}：全部落库", f"{seen.lasted:.1f} s", f"{FLOOD / seen.lasted:.0f} 条/s", "—", "—"
    yield f"{head}：顺序", "一致" if seen.in_order else "乱了", "—", "—", "一致"
    yield f"{head}：内存增长", f"{seen.grown:.0f} MB", "—", "—", "有界"
    yield f"{head}：事件循环最长停顿", f"{1e3 * seen.longest_stall:.0f} ms", "—", "—", "—"
    yield f"{head}：自报最多落后", f"{seen.most_behind:,} 条", "—", "—", "—"
    for after, waited in zip(ASKED_AFTER, seen.waited, strict=True):
        yield f"{head}：第 {after:g} 秒问 #看板", f"{waited:.2f} s", f"{seen.lasted - after:.1f} s 排在最后", "—", "—"


async def _flood() -> Flood:
    with tempfile.TemporaryDirectory() as folder:
        async with node_gateway(LINE) as gateway:
            await gateway.settle("login", id="bot")
            await gateway.settle("contact", id=BOSS, name=BOSS, friend=True)
            async with resident(gateway, Path(folder), "auto") as (tally, house):
                return await _watched(gateway, tally, house)


async def _watched(gateway: NodeGateway, tally: Tally, house: House) -> Flood:
    seen = Flood()
    await talk(gateway, "warm", 100, 300)
    await tally.reach(100)
    watching = asyncio.create_task(_watch(seen, house))
    began = micros()
    asking = [asyncio.create_task(_ask(gateway, place, after)) for place, after in enumerate(ASKED_AFTER)]
    await talk(gateway, "flood", FLOOD, 0)
    seen.waited = await asyncio.gather(*asking)
    await tally.reach(100 + FLOOD + len(ASKED_AFTER))
    watching.cancel()
    told = [(id_, at) for id_, at in zip(tally.ids(), tally.done, strict=True) if id_.startswith("flood")]
    seen.lasted = (told[-1][1] - began) / 1e6
    seen.in_order = [int(id_.split("-")[1]) for id_, _ in told] == list(range(FLOOD))
    return seen


async def _watch(seen: Flood, house: House) -> None:
    """Look at the process, and at how late a timer comes."""
    loop, process = asyncio.get_running_loop(), psutil.Process()
    start = process.memory_info().rss
    while True:
        due = loop.time() + TICK
        await asyncio.sleep(TICK)
        seen.longest_stall = max(seen.longest_stall, loop.time() - due)
        seen.grown = max(seen.grown, (process.memory_info().rss - start) / 1e6)
        seen.most_behind = max(seen.most_behind, house.status.behind)


async def _ask(gateway: NodeGateway, place: int, after: float) -> float:
    """Seconds until this question, the `place`-th counted from 0, is answered; answers come in the order asked."""
    await asyncio.sleep(after)
    began = micros()
    gateway.tell("message", id=f"ask-{began}", **{"from": BOSS}, to="bot", text="#看板")
    while sum(one["to"] == BOSS for one in gateway.sent) <= place:  # noqa: ASYNC110 - as in Tally
        await asyncio.sleep(TICK)
    return (micros() - began) / 1e6
