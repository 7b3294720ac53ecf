"""Carrying out lines in the local group, one after the other: each is fully dealt with before the next begins."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from typing import Protocol
from zoneinfo import ZoneInfo

from bot.core.instants import Instant, parse_instant
from bot.errors import BadInput
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.localgroup.script import (
    Action,
    Befriend,
    Direct,
    Join,
    Leave,
    Move,
    Say,
    Switch,
    Withdraw,
    parse,
)
from bot.localgroup.transcript import deed_line, moved_line

_SHANGHAI = ZoneInfo("Asia/Shanghai")
_LATEST = parse_instant("2099-12-31T00:00:00+00:00")


class Ears(Protocol):
    """The adapter, as far as the player needs it (bot.wechat.adapter.WechatyChat)."""

    async def logged_in(self) -> None: ...

    async def idle(self) -> None: ...


@dataclass(slots=True)
class Player:
    """Plays lines.

    settle: awaited after each deed, when the adapter is idle; it drains the bot's own queues.
    advance: awaited for each `@time` with the instant to go to; it steps the clock through the jobs that fall due.
    on_line: called with each line of the conversation, what the bot says excepted (see LocalGroup.subscribe).
    """

    group: LocalGroup
    clock: LocalClock
    chat: Ears
    settle: Callable[[], Awaitable[None]]
    advance: Callable[[Instant], Awaitable[None]]
    on_line: Callable[[str], None]
    zone: ZoneInfo = _SHANGHAI
    _alone: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def play(self, lines: Iterable[str]) -> None:
        """Play a whole script. Raises BadInput naming the line; one that cannot be read, before anything is played."""
        numbered = [(number, parse(line, number)) for number, line in enumerate(lines, 1)]
        await self.begin()
        for number, action in numbered:
            if action is not None:
                await self._numbered(number, action)

    async def line(self, text: str, number: int) -> None:
        """Play one line as it comes in. Raises BadInput naming it."""
        action = parse(text, number)
        if action is not None:
            await self._numbered(number, action)

    async def begin(self) -> None:
        """Wait until the bot is there and has dealt with its arrival."""
        await self.chat.logged_in()
        await self._quiet()

    async def _numbered(self, number: int, action: Action) -> None:
        try:
            await self.do(action)
        except BadInput as refusal:
            raise BadInput(f"第 {number} 行：{refusal}") from None

    async def do(self, action: Action) -> None:
        """Carry out one deed and wait until the bot has dealt with it; deeds from several places take turns.

        Raises BadInput when it is impossible.
        """
        async with self._alone:
            await self._do(action)

    async def _do(self, action: Action) -> None:
        if isinstance(action, Move):
            await self._move(action)
        else:
            if self.clock.still:
                self.clock.tick()
            self.on_line(deed_line(action))
            await self._deed(action)
        await self._quiet()

    async def _quiet(self) -> None:
        await self.chat.idle()
        await self.settle()

    async def _move(self, move: Move) -> None:
        to = self.clock.now() + move.span if move.span is not None else move.to or 0
        if to < self.clock.now():
            raise BadInput("时间只能往前走")
        if to > _LATEST:
            raise BadInput("时间不能超过 2099 年")
        await self.advance(to)
        if self.clock.now() < to:
            self.clock.move_to(to)
        self.on_line(moved_line(to, self.zone))

    async def _deed(self, action: Action) -> None:
        match action:
            case Say(person, text, kind, to_bot):
                await self.group.say(person, text, kind, to_bot)
            case Direct(person, text, kind):
                await self.group.direct(person, text, kind)
            case Join(person, channel):
                await self.group.join(person, channel)
            case Leave(person):
                await self.group.leave(person)
            case Befriend(person):
                await self.group.befriend(person)
            case Withdraw(person):
                await self.group.withdraw(person)
            case Switch(name):
                await self.group.switch(name)
