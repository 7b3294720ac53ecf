"""The platform's side of the soak: the day as told to the gateway, at times late and twice, through all trouble."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random
from typing import Any

from bot.core.instants import SECOND, Instant
from bot.localgroup.clock import wall
from tests.soak.day import DIRECTOR, Day, Deed
from tests.soak.life import FastClock
from tests.wechat.gateway.node import NodeGateway

LATE, LATEST = 0.15, 0.12
"""What share of the messages comes late, and by how many real seconds at most."""
TWICE = 0.02
"""What share is told twice."""
OVERTAKEN = SECOND // 20
"""Real time before a standstill in which what was told may not have left the gateway yet."""
BEHIND, ON_ITS_WAY = 30 * SECOND, SECOND // 2
"""Real time before a break: what the bot, busy with what came before, may not have fetched yet, and what it has fetched
but the break may have cut off on its way."""


@dataclass(frozen=True, slots=True)
class Told:
    """A message as it was told; `on` is the wall's instant, `at` the second that its payload bears."""

    id: str
    group: str | None
    at: int
    on: Instant


@dataclass(frozen=True, slots=True)
class Break:
    """A stretch (wall's instants) in which the gateway and the bot had lost each other; `end` is set by the bot."""

    kind: str
    begin: Instant
    end: Instant

    def excuses(self, told: Told, served: Instant | None) -> bool:
        """Whether the break may have kept the message from the bot, which had its payload at `served`."""
        if served is not None and served < self.begin - ON_ITS_WAY:
            return False
        return self.begin - BEHIND <= told.on <= self.end


@dataclass
class Platform:
    """What was said, who is where, and what the gateway and the bot went through."""

    gateway: NodeGateway
    day: Day
    clock: FastClock
    chance: Random
    told: list[Told] = field(default_factory=list)
    breaks: list[Break] = field(default_factory=list)
    standstills: list[tuple[Instant, Instant]] = field(default_factory=list)
    """When (wall's instants) the gateway stood still; what was to come then may come any time behind later ones."""
    troubles: Counter[str] = field(default_factory=Counter)

    async def settle(self) -> None:
        """Everybody is there and the account is logged in, before the bot comes."""
        for group, members in self.day.members.items():
            await self.gateway.group(group, group.removesuffix("@chatroom"), list(members))
        await self.gateway.settle("contact", id=DIRECTOR, name=DIRECTOR, friend=True)
        await self.gateway.settle("watch", id=True)
        await self.gateway.settle("login", id="bot")

    async def talk(self, until: Instant) -> None:
        """Tell the day as it comes, until the wall's instant `until`."""
        for number, deed in enumerate(self.day.deeds()):
            due = self.clock.epoch + round(deed.after * SECOND) // self.clock.speed
            if due > until:
                break
            await asyncio.sleep(max(0, due - wall()) / SECOND)
            self._do(deed, number)
        await asyncio.sleep(LATEST)

    def _do(self, deed: Deed, number: int) -> None:
        if deed.kind != "talk":
            self._move(deed)
            return
        at = self.clock.now() // SECOND
        for _ in range(1 + (self.chance.random() < TWICE)):
            late = self.chance.uniform(0, LATEST) if self.chance.random() < LATE else 0.0
            asyncio.get_running_loop().call_later(late, self._say, deed, number, at)

    def _say(self, deed: Deed, number: int, at: int) -> None:
        self.told.append(Told(f"soak-{number}", deed.group, at, wall()))
        where = {"room": deed.group} if deed.group else {"to": "bot"}
        mentions = ["bot"] if deed.to_bot else []
        message = {"id": f"soak-{number}", "from": deed.person, "text": deed.text, "at": at, "mentions": mentions}
        self.gateway.tell("message", **message, **where)

    def _move(self, deed: Deed) -> None:
        assert deed.group is not None
        members = ["bot", *self.day.members[deed.group]]
        joined = deed.kind == "join"
        if joined:
            self._settle("contact", id=deed.person, name=deed.person, friend=True)
        self._settle("room", id=deed.group, topic=deed.group.removesuffix("@chatroom"), members=members)
        who = {"inviteeIdList" if joined else "removeeIdList": [deed.person], "roomId": deed.group}
        news = {**who, "inviterId" if joined else "removerId": members[1], "timestamp": self.clock.now() // SECOND}
        self.gateway.tell("emit", event=f"room-{deed.kind}", payload=news)

    def _settle(self, kind: str, **what: Any) -> None:
        self.gateway.keep(kind, **what)
        self.gateway.tell(kind, **what)

    def stood_still(self, told: Told) -> bool:
        """Whether the gateway may have held the message back, longer than anybody waits for those before."""
        return any(begin - OVERTAKEN <= told.on <= end for begin, end in self.standstills)

    def fate(self, told: Told) -> str:
        """The message, and when it was fetched and what break came next, in real seconds after it was told."""
        served = self.gateway.served.get(told.id)
        fetched = "没有取过" if served is None else f"{(served - told.on) / SECOND:.1f} 秒后取到"
        cut = next((cut for cut in self.breaks if cut.end > told.on), None)
        return f"{told.id}（{fetched}" + (f"，{(cut.begin - told.on) / SECOND:.1f} 秒后{cut.kind}）" if cut else "）")

    def certain(self) -> Iterator[Told]:
        """What must be in the log: fetched by the bot, or told while there was time and a connection to fetch it."""
        served = self.gateway.served
        return (one for one in self.told if not any(cut.excuses(one, served.get(one.id)) for cut in self.breaks))
