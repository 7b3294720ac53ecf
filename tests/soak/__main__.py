"""`make soak`: a heavy day fifty times as fast, through a real gateway that is killed, hangs and tells out of order.

The bot is a process of its own, started as `run` starts it. At the end its database is held against what was said.
"""

from __future__ import annotations

import argparse
import asyncio
import secrets
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.core.instants import SECOND, Instant, parse_instant
from bot.localgroup.clock import wall
from tests.soak import judge
from tests.soak.bot import Bot
from tests.soak.day import Day
from tests.soak.life import FastClock
from tests.soak.platform import Platform
from tests.soak.trouble import Trouble
from tests.wechat.gateway.node import missing, node_gateway

LINE = "line0"
BEGIN = parse_instant("2026-03-02T03:50:00+08:00")
"""Ten minutes before the daily evaluation, so that it falls into the talk."""
WARM_UP = 0.33
"""The share of the run after which memory and order are looked at: caches are filled, the gateway's habits known."""
GROWTH, STOPPING, CATCHING_UP = 1.10, 5.0, 30.0
"""Bars: of memory, for a stop in seconds, and for coming to the end of what waits in real seconds."""
CALM = 5 * SECOND
"""Real time at the end without trouble."""


@dataclass
class Run:
    """One day: what was measured, and what was found wrong."""

    platform: Platform
    bot: Bot
    wrong: list[str] = field(default_factory=list)
    before: float = 0.0
    after: float = 0.0
    most_behind: int = 0
    stopping: float = 0.0
    ordered_from: Instant = 0
    end: Instant = 0
    kept: judge.Kept = field(default_factory=judge.Kept)

    async def live(self, seconds: float) -> None:
        """Let `seconds` of real time pass in talk and trouble, then come to rest and end."""
        self.bot.start()
        if not await self.bot.up():
            raise SystemExit(f"机器人没有连上网关：\n{self.bot.said[-2000:]}")
        until = wall() + round(seconds * SECOND)
        talking = asyncio.create_task(self.platform.talk(until))
        watching = asyncio.create_task(self._watch(until))
        await Trouble(self.platform, self.bot).go_on(until - CALM)
        await talking
        await watching
        if not await self.bot.until(
            lambda told: told["behind"]["heard"] == told["behind"]["writing"] == 0, CATCHING_UP
        ):
            self.wrong.append(f"{CATCHING_UP:g} 秒后仍有积压：{await self.bot.health()}")
        self.after = self.bot.memory()
        self.end = self.bot.clock.now()
        self._stop()
        await self.platform.gateway.ask("state")  # by then everything that it told before has been read

    async def _watch(self, until: Instant) -> None:
        """Take its memory after the warm-up, and how far it falls behind."""
        warm = wall() + round((until - wall()) * WARM_UP)
        while wall() < until and self.bot.alive():
            told = await self.bot.health()
            self.most_behind = max(self.most_behind, told["behind"]["heard"] if told else 0)
            if not self.before and wall() > warm:
                self.before, self.ordered_from = self.bot.memory(), wall()
            await asyncio.sleep(0.5)

    def _stop(self) -> None:
        self.stopping, code = self.bot.stop()
        if code != 0 or self.stopping > STOPPING:
            self.wrong.append(f"停机用了 {self.stopping:.1f} 秒，退出码 {code}")
        if "Traceback" in self.bot.said:
            self.wrong.append(f"日志里有异常：\n{self.bot.said[-2000:]}")

    def judge(self) -> None:
        self.kept = judge.look(self.bot.url, list(self.platform.day.members))
        self.wrong += judge.findings(self.kept, self.platform, self.ordered_from, self.end)
        self.wrong += judge.counts_agree(self.bot.url, self.end)
        if self.after > GROWTH * self.before:
            self.wrong.append(f"内存从 {self.before:.0f} MB 涨到 {self.after:.0f} MB")

    def rows(self) -> Iterator[tuple[str, str]]:
        platform, told = self.platform, {one.id for one in self.platform.told}
        yield "说出的消息", f"{len(told):,}"
        yield "其中必须记下的（不在断线期间）", f"{len({one.id for one in platform.certain()}):,}"
        yield "记下的消息", f"{len(self.kept.messages):,}"
        yield "机器人发出的消息", f"{len(platform.gateway.sent):,}"
        yield "网关的故障", "、".join(f"{kind} {times}" for kind, times in sorted(platform.troubles.items())) or "无"
        yield "最多落后", f"{self.most_behind} 条"
        yield "内存（热身后 → 结束）", f"{self.before:.1f} → {self.after:.1f} MB（{self.after / self.before - 1:+.1%}）"
        yield "停机", f"{self.stopping:.1f} 秒"
        yield "违反不变量", str(len(self.wrong))


def _at_rest(told: dict[str, Any]) -> bool:
    return not any(told["behind"][queue] for queue in ("heard", "writing"))


async def soak(minutes: float, speed: int, rate: float, seed: int) -> Run:
    """`minutes` of simulated time, `rate` messages a simulated second."""
    with tempfile.TemporaryDirectory() as folder:
        async with node_gateway(LINE) as gateway:
            clock = FastClock(BEGIN, wall(), speed)
            platform = Platform(gateway, Day(seed, rate), clock, Random(seed))
            await platform.settle()
            run = Run(platform, Bot(Path(folder), clock, gateway))
            try:
                await run.live(minutes * 60 / speed)
            finally:
                run.bot.kill()
            run.judge()
            return run


def show(run: Run, seed: int) -> None:
    table = Table("项目", "实测", title=f"种子 {seed}")
    for row in run.rows():
        table.add_row(*row)
    Console(width=110).print(table)
    for wrong in run.wrong:
        sys.stdout.write(wrong + "\n")


def main() -> int:
    parser = argparse.ArgumentParser(prog="make soak")
    parser.add_argument("--minutes", type=float, default=120, help="simulated minutes of the day (default: 120)")
    parser.add_argument("--speed", type=int, default=50, help="how much faster than real time goes (default: 50)")
    parser.add_argument("--rate", type=float, default=1.0, help="messages a simulated second (default: 1)")
    parser.add_argument("--seed", type=int, default=None, help="repeats a run; its troubles depend on the machine too")
    asked = parser.parse_args()
    if why := missing(LINE):
        sys.stdout.write(why + "\n")
        return 0
    seed = secrets.randbelow(10_000) if asked.seed is None else asked.seed
    run = asyncio.run(soak(asked.minutes, asked.speed, asked.rate, seed))
    show(run, seed)
    return 1 if run.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
