"""`demo`: eight weeks of a group in seconds, through the same code as `run`, and a table of what came of it."""

from __future__ import annotations

import time
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console
from rich.progress import Progress

from bot.cli.demo_story import DIRECTOR, FRIENDS, GROUP, OLD_HANDS, QUIET_ONES, Line, Moment, Purchase, story
from bot.cli.demo_tables import print_outcome
from bot.core.events import Event
from bot.core.instants import DAY, SECOND, Instant, parse_instant
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.localgroup.player import Player
from bot.localgroup.transcript import said_line
from bot.runtime import Runtime
from bot.wechat.adapter import WechatyChat
from handlers.house import House

BEGINNING = parse_instant("2026-03-02T00:00:00+08:00")


class Demo:
    """One play of the story on a house of its own."""

    def __init__(self, house: House, console: Console) -> None:
        self.house, self.console = house, console
        self.clock = LocalClock(BEGINNING + 8 * 3600 * SECOND, still=True)
        self.group = LocalGroup(self.clock, GROUP)
        house.clock = self.clock
        chat = house.chat = WechatyChat(self.group.puppet, self.clock)
        self.runtime = Runtime(house, driven=True)
        self.player = Player(
            self.group, self.clock, chat, self.runtime.settle, self.runtime.advance, self._heard, house.zone
        )
        self._shown = False
        self._said = 0

    async def play(self, moments: Sequence[Moment]) -> None:
        """Play everything; the clock moves from moment to moment through all that falls due between them."""
        self.group.seed(GROUP, [*OLD_HANDS, *QUIET_ONES, DIRECTOR, *FRIENDS])
        self.group.subscribe(lambda address, text, mentions: self._says(said_line(address, text)))
        code = await self.runtime.start()
        try:
            await self.player.begin()
            await self._claim(code)
            with Progress(console=self.console, transient=True) as progress:
                for moment in progress.track(moments, description="八周的群聊"):
                    await self._play(moment)
            await self.runtime.advance(BEGINNING + 56 * DAY)
        finally:
            await self.runtime.stop()

    async def _claim(self, code: str | None) -> None:
        for friend in FRIENDS:
            await self.player.line(f"@friend {friend}", 0)
        if code is not None:
            self._shown = True
            await self.player.line(f"{DIRECTOR} > {code}", 0)
            self._shown = False

    async def _play(self, moment: Moment) -> None:
        await self.runtime.advance(max(self.clock.now(), _instant(moment) - SECOND))
        if isinstance(moment, Purchase):
            await self.runtime.take([self._order(moment)])
            await self.runtime.settle()
            return
        self._shown = moment.shown
        await self.player.line(moment.text, moment.day)
        self._shown = False

    def _order(self, moment: Purchase) -> Event:
        key = f"demo-order-{moment.day}"
        body = {"order": key, "amount_yuan": round(moment.yuan * 100)}
        self.console.print(f"[dim]第 {moment.day + 1} 天[/]  （{moment.buyer} 下单 {moment.yuan:.0f} 元）")
        return Event("order", key, _instant(moment), moment.buyer, None, body)

    def _heard(self, line: str) -> None:
        if self._shown and line:
            self.console.print(f"[dim]{self._day()}[/]  {line}", markup=True, highlight=False)

    def _says(self, line: str) -> None:
        self._said += 1
        self.console.print(f"[dim]{self._day()}[/]  [green]{_escaped(line)}[/]", highlight=False)

    def _day(self) -> str:
        return f"第 {(self.clock.now() - BEGINNING) // DAY + 1} 天"


def _escaped(text: str) -> str:
    return text.replace("[", "\\[")


def _instant(moment: Moment) -> Instant:
    return BEGINNING + moment.day * DAY + moment.second * SECOND


async def play(house: House, console: Console) -> None:
    """Play the story and print the outcome."""
    started = time.monotonic()
    demo = Demo(house, console)
    moments = story()
    await demo.play(moments)
    await house.database.aread(lambda uow: print_outcome(uow, house, console))
    said = sum(isinstance(moment, Line) for moment in moments)
    console.print(f"八周、{said} 条群消息，用时 {time.monotonic() - started:.1f} 秒。")


def fresh_database(folder: Path) -> str:
    return f"sqlite:///{folder / 'demo.db'}"
