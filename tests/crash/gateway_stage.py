"""The story through a real gateway, which lives on when the bot dies: one Node process a story.

Everything goes through files and a pipe that every life inherits: what the gateway tells it writes into the record.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from bot.core.instants import SECOND
from bot.localgroup.clock import LocalClock
from bot.localgroup.script import Direct, Join, Leave, Say, Withdraw
from bot.runtime import Runtime
from bot.wechat.adapter import WechatyChat
from bot.wechat.gateway import gateway_factory
from tests.crash.life import Build, Record
from tests.crash.story import FRIENDS, GROUP, SETTLED, Deed, deeds
from tests.wechat.gateway.node import FOLDER, free_port

LINE, TOKEN, ACCOUNT = "line0", "puppet_crash_5d20", "bot"
RECALLED = 13
"""The gateway's type of a message that takes another one back."""
WITHIN = 60.0


@dataclass(frozen=True)
class Gateway:
    """The gateway of one story, as each life is given it."""

    port: int
    pipe: int
    record: Record

    def tell(self, deed: str, **what: Any) -> None:
        """Have it do `deed` (a key of DEEDS in serve.mjs); a line of this size is written whole or not at all."""
        os.write(self.pipe, json.dumps({"n": 0, "do": deed, **what}).encode() + b"\n")

    def furnish(self) -> None:
        """Who is there when the story begins."""
        for person in (ACCOUNT, *FRIENDS):
            self.tell("contact", id=person, name=person, friend=person != ACCOUNT)
        self.members(0)
        self.tell("login", id=ACCOUNT)

    def members(self, done: int) -> None:
        """The group as the `done` first deeds have left it."""
        people = [*SETTLED]
        for deed in deeds()[:done]:
            if isinstance(deed.action, Join):
                people.append(deed.action.person)
            elif isinstance(deed.action, Leave):
                people.remove(deed.action.person)
        self.tell("room", id=GROUP, topic=GROUP, members=[ACCOUNT, *people])


@contextmanager
def gateway_of(record: Record) -> Iterator[Build]:
    """A gateway for one story, and what makes the stage of each of its lives."""
    port = free_port()
    command = ["node", str(FOLDER / "serve.mjs"), LINE, str(port), TOKEN]
    with (record.folder / "heard").open("wb") as told:
        process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=told, stderr=subprocess.DEVNULL)
    assert process.stdin is not None
    gateway = Gateway(port, process.stdin.fileno(), record)
    try:
        _wait(lambda: any("ready" in one for one in record.read("heard")))
        gateway.furnish()
        yield lambda record, clock, lives: GatewayStage(gateway, clock, lives)
    finally:
        process.kill()
        process.wait()


def _wait(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + WITHIN
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError("网关没有起来")
        time.sleep(0.05)


async def _shortly(_seconds: float) -> None:
    """The pause before a new connection: long enough for the gateway to see that the last life is over."""
    await asyncio.sleep(0.05)


class GatewayStage:
    """One life at the gateway."""

    def __init__(self, gateway: Gateway, clock: LocalClock, lives: int) -> None:
        self._gateway, self._clock, self._lives = gateway, clock, lives
        self.chat = WechatyChat(gateway_factory(TOKEN, f"127.0.0.1:{gateway.port}"), clock, sleep=_shortly)
        self.deed = -1

    async def begin(self, runtime: Runtime) -> None:
        async with asyncio.timeout(WITHIN):
            await self.chat.logged_in()
        await self._quiet(runtime)

    async def do(self, deed: Deed, runtime: Runtime) -> None:
        if self._clock.now() < deed.at:
            self._clock.move_to(deed.at)
        self._happens(deed)
        await self._quiet(runtime)

    async def _quiet(self, runtime: Runtime) -> None:
        """Events come in the order they were emitted; behind a word of the bot's own all others are heard."""
        last = f"tick-{self._lives}-{self.deed}"
        self._gateway.tell("message", id=last, **{"from": ACCOUNT}, room=GROUP, text="")
        async with asyncio.timeout(WITHIN):
            while last not in self.chat._recent:  # noqa: ASYNC110 - the other side is a process
                await asyncio.sleep(0.002)
        await self.chat.idle()
        await runtime.settle()

    def _happens(self, deed: Deed) -> None:
        match deed.action:
            case Say(person, text, _, to_bot):
                said = f"@{ACCOUNT}\u2005{text}" if to_bot else text
                self._message(deed, person, said, room=GROUP, mentions=[ACCOUNT] if to_bot else [])
            case Direct(person, text):
                self._message(deed, person, text, to=ACCOUNT)
            case Withdraw(person):
                self._message(deed, person, self._latest_of(person), room=GROUP, type=RECALLED)
            case Join(person):
                self._gateway.tell("contact", id=person, name=person, friend=person in FRIENDS)
                self._moves(deed, "join", person)
            case Leave(person):
                self._moves(deed, "leave", person)

    def _message(self, deed: Deed, person: str, text: str, **more: Any) -> None:
        id_ = f"deed-{self.deed}"
        self._gateway.tell("message", **{"id": id_, "from": person, "text": text, "at": deed.at // SECOND, **more})

    def _latest_of(self, person: str) -> str:
        said = [n for n, one in enumerate(deeds()[: self.deed]) if isinstance(one.action, Say)]
        return f"deed-{max(n for n in said if deeds()[n].action.person == person)}"  # type: ignore[union-attr]

    def _moves(self, deed: Deed, kind: str, person: str) -> None:
        self._gateway.members(self.deed + 1)
        who = {"inviteeIdList": [person], "inviterId": ""} if kind == "join" else {"removeeIdList": [person]}
        news = {"roomId": GROUP, "timestamp": deed.at // SECOND, "removerId": "", **who}
        self._gateway.tell("emit", event=f"room-{kind}", payload=news)
