"""A bot reduced to its ears: the real adapter over the real wechaty and the in-process puppet, and what it heard."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bot.core.instants import Instant, parse_instant
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.ports import ConnectionHeard, Heard, MessageHeard
from bot.wechat.adapter import WechatyChat

MORNING = parse_instant("2026-03-01T09:00:00+08:00")
T = TypeVar("T")


@dataclass
class Ears:
    """`heard` is everything so far; a message whose text is in `fails_on` makes the listener raise."""

    group: LocalGroup
    clock: LocalClock
    chat: WechatyChat
    heard: list[Heard] = field(default_factory=list)
    fails_on: frozenset[str] = frozenset()
    down: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self, heard: Heard) -> None:
        self.heard.append(heard)
        if isinstance(heard, ConnectionHeard) and heard.state == "down":
            self.down.set()
        if isinstance(heard, MessageHeard) and heard.text in self.fails_on:
            raise RuntimeError(f"坏在 {heard.text}")

    def of(self, kind: type[T]) -> list[T]:
        return [one for one in self.heard if isinstance(one, kind)]

    async def message(self) -> MessageHeard:
        """The latest message, after everything has been handled."""
        await self.chat.idle()
        return self.of(MessageHeard)[-1]


async def no_pause(_seconds: float) -> None:
    """A reconnect pause that only lets others run."""
    await asyncio.sleep(0)


@asynccontextmanager
async def listening(
    name: str = "测试群", start: Instant = MORNING, before: Callable[[LocalGroup], Any] | None = None, **options: Any
) -> AsyncIterator[Ears]:
    """A bot that is logged in to a fresh local group. `before` prepares the group before the login."""
    clock = LocalClock(start, still=True)
    group = LocalGroup(clock, name)
    if before:
        before(group)
    ears = Ears(group, clock, WechatyChat(group.puppet, clock, sleep=no_pause, **options))
    await ears.chat.start(ears.listen)
    try:
        await ears.chat.logged_in()
        await ears.chat.idle()
        yield ears
    finally:
        await ears.chat.stop()
