"""What befalls the gateway: it is killed, hangs briefly or for long, or its stream breaks; dice say what and when."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from bot.core.instants import SECOND, Instant
from bot.localgroup.clock import wall
from tests.soak.bot import Bot
from tests.soak.platform import Break, Platform

PAUSE = (3.0, 8.0)
"""Real seconds of peace between one trouble and the next."""
SHORT, LONG = (0.2, 1.0), 6.0
"""Real seconds of standing still: unnoticed by the bot's keepalive, and longer than it waits."""
KILLED, HUNG_BRIEFLY, HUNG_LONG, BROKEN = "被杀", "停顿", "挂起", "断流"
KINDS = {KILLED: 4, HUNG_BRIEFLY: 4, HUNG_LONG: 2, BROKEN: 2}


@dataclass
class Trouble:
    """Goes on until the wall's instant `until`, and then leaves everything in order."""

    platform: Platform
    bot: Bot

    async def go_on(self, until: Instant) -> None:
        chance = self.platform.chance
        while True:
            await asyncio.sleep(chance.uniform(*PAUSE))
            if wall() > until or not self.bot.alive():
                return
            kind = chance.choices(list(KINDS), list(KINDS.values()))[0]
            self.platform.troubles[kind] += 1
            if kind == HUNG_BRIEFLY:
                await self._hang(chance.uniform(*SHORT))
            else:
                await self._break(kind)

    async def _hang(self, seconds: float) -> None:
        begin = wall()
        self.platform.gateway.hang()
        await asyncio.sleep(seconds)
        self.platform.gateway.resume()
        self.platform.standstills.append((begin, wall()))

    async def _break(self, kind: str) -> None:
        begin, gateway = wall(), self.platform.gateway
        if kind == KILLED:
            await gateway.restart()
        elif kind == HUNG_LONG:
            await self._hang(LONG)
        else:
            gateway.tell("emit", event="message", payload={})
        if not await self.bot.up(self.bot.clock.at(begin)):
            raise SystemExit(f"机器人没有重新连上网关（{kind}）：\n{self.bot.said[-2000:]}")
        self.platform.breaks.append(Break(kind, begin, wall() + SECOND // 2))
