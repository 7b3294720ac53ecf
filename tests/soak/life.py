"""The bot's process: the bot as `run` starts it on WeChat, with a clock that goes faster than the wall's.

python -m tests.soak.life BEGIN EPOCH SPEED: at the wall's instant EPOCH it is BEGIN, and time goes SPEED times as fast.
"""

from __future__ import annotations

import asyncio
import sys
from dataclasses import dataclass, replace
from math import inf

from bot.cli import logs
from bot.cli.house import house_of
from bot.cli.live import run_on_wechat
from bot.core.instants import Instant
from bot.localgroup.clock import wall
from bot.wechat import gateway
from config.settings import load_settings
from handlers import heartbeat


@dataclass(frozen=True, slots=True)
class FastClock:
    """A bot.ports.Clock; processes that are given the same three numbers agree on the time."""

    begin: Instant
    epoch: Instant
    speed: int

    def now(self) -> Instant:
        return self.at(wall())

    def at(self, instant: Instant) -> Instant:
        """What this clock shows at an instant of the wall's."""
        return self.begin + (instant - self.epoch) * self.speed

    def arguments(self) -> list[str]:
        return [str(self.begin), str(self.epoch), str(self.speed)]


async def live(clock: FastClock) -> None:
    # A hung gateway is to be noticed within the run: seconds, not half a minute.
    gateway._KEEPALIVE = replace(
        gateway._KEEPALIVE,
        _keepalive_time=2.0,
        _keepalive_timeout=2.0,
        _http2_min_sent_ping_interval_without_data=1.0,
    )
    # Signs of life are due by the clock that goes faster; that it differs from a steady one is no news.
    heartbeat.SPAN, heartbeat.JUMP = heartbeat.SPAN / clock.speed, inf
    settings = load_settings()
    logs.set_up(settings)
    with house_of(settings, clock) as house:
        await run_on_wechat(house, "auto")


if __name__ == "__main__":
    asyncio.run(live(FastClock(*map(int, sys.argv[1:4]))))
