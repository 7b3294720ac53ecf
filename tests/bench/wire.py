"""Over real gRPC: from the gateway's emit to the commit, beside bare wechaty bots at the same gateway in the same run.

One of them echoes, the other reads and says nothing. They take turns, each time with a gateway of their own, and the
medians of the runs are told: a machine is never as free in one minute as in the next. What the gateway itself costs,
which plays WeChat here, is told apart.
"""

from __future__ import annotations

import asyncio
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from statistics import median

import psutil

from tests.bench.stages import LINE, Tally, bare, micros, talk, whole
from tests.wechat.gateway.node import NodeGateway, missing, node_gateway

REPEATS = 3
RATE, WARM, PACED, BURST = 300, 100, 1500, 3000
Row = tuple[str, str, str, str, str]
Bot = Callable[[NodeGateway, Path], AbstractAsyncContextManager[Tally]]


@dataclass(frozen=True, slots=True)
class Run:
    """p50, p99: milliseconds from emit to done at RATE. pace: messages a second of a burst. cpu: milliseconds of
    processor time that a message costs the bot at RATE; gateway_cpu: the gateway."""

    p50: float
    p99: float
    pace: float
    cpu: float
    gateway_cpu: float


def rows(file: Path | None, count: int) -> Iterator[Row]:
    if why := missing(LINE):
        yield "网关到落库", why, "—", "—", "—"
        return
    runs = [tuple(asyncio.run(_run(bot)) for bot in (partial(bare, echoes=True), whole, bare)) for _ in range(REPEATS)]
    echo = [(echoing, ours) for echoing, ours, _ in runs]
    read = [(reading, ours) for _, ours, reading in runs]
    head = f"网关发出→落库，{RATE} 条/s，{REPEATS} 次取中位"
    yield _row(f"{head}，p50", echo, lambda run: run.p50, "{:.1f} ms", "≤ 15 ms")
    yield _row(f"{head}，p99", echo, lambda run: run.p99, "{:.1f} ms", "≤ 150 ms")
    yield _row(f"网关突发 {BURST:,} 条", echo, lambda run: run.pace, "{:.0f} 条/s", "≥ 0.8")
    yield _row("同上，与只读不回的相比", read, lambda run: run.pace, "{:.0f} 条/s", "—", "裸 wechaty，只读")
    yield _row("每条占处理器（机器人）", echo, lambda run: run.cpu, "{:.2f} ms", "—")
    yield _row("每条占处理器（网关自己）", echo, lambda run: run.gateway_cpu, "{:.2f} ms", "—")


def _row(
    name: str,
    pairs: Sequence[tuple[Run, Run]],
    figure: Callable[[Run], float],
    shown: str,
    bar: str,
    who: str = "裸 wechaty 应声虫",
) -> Row:
    """Medians of both, and the median of the ratios, each of two runs side by side."""
    theirs, ours = (median(figure(pair[side]) for pair in pairs) for side in (0, 1))
    ratio = median(figure(ours) / figure(theirs) for theirs, ours in pairs)
    return name, shown.format(ours), f"{shown.format(theirs)} {who}", f"{ratio:.2f}", bar


async def _run(bot: Bot) -> Run:
    with tempfile.TemporaryDirectory() as folder:
        async with node_gateway(LINE) as gateway:
            await gateway.settle("login", id="bot")
            async with bot(gateway, Path(folder)) as tally:
                await talk(gateway, "warm", WARM, RATE)
                await tally.reach(WARM)
                return await _measured(gateway, tally)


async def _measured(gateway: NodeGateway, tally: Tally) -> Run:
    before, gateway_before = time.process_time(), _cpu(gateway)
    await talk(gateway, "paced", PACED, RATE)
    await tally.reach(WARM + PACED)
    cpu, gateway_cpu = time.process_time() - before, _cpu(gateway) - gateway_before
    began = micros()
    await talk(gateway, "burst", BURST, 0)
    await tally.reach(WARM + PACED + BURST)
    pace = BURST / ((tally.done[WARM + PACED + BURST - 1] - began) / 1e6)
    pairs = zip(tally.ids(), tally.done, strict=False)
    delays = sorted(at - int(id_.rpartition("-")[2]) for id_, at in pairs if id_.startswith("paced"))
    return Run(_at(delays, 0.5), _at(delays, 0.99), pace, 1e3 * cpu / PACED, 1e3 * gateway_cpu / PACED)


def _at(delays: Sequence[int], share: float) -> float:
    """That quantile of sorted delays, in milliseconds."""
    return delays[int(share * (len(delays) - 1))] / 1000


def _cpu(gateway: NodeGateway) -> float:
    """Seconds of processor time that the gateway has used."""
    times = psutil.Process(gateway.pid).cpu_times()
    return float(times.user + times.system)
