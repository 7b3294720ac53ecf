"""One life of the bot: the real runtime over the real wechaty, until the story or the life ends.

The platform goes on when the bot dies. What it saw lies in files that are written through before anything goes on.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import traceback
from collections import Counter
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any, Protocol

from bot.core.instants import SECOND
from bot.localgroup.clock import LocalClock
from bot.localgroup.script import Direct, Say
from bot.runtime import Runtime
from bot.wechat.adapter import WechatyChat
from handlers.faults import CLAIM, SEND, SETTLE, SWEEP
from storage.database import Database
from tests.crash.story import BEGIN, END, Deed, deeds
from tests.handlers.room import house_on

LONGEST = 48
"""How many points a life that is to be killed passes at most."""
CHANCE = dict.fromkeys(SWEEP, 0.3) | dict.fromkeys((*CLAIM[1:], *SEND, *SETTLE), 0.1)
"""With what chance a life ends at a point that the story passes less often than the others."""


@dataclass(frozen=True)
class Record:
    """What outlives the bot: told (deeds, the hour of death) and heard (what the group heard from the bot)."""

    folder: Path

    def note(self, file: str, **what: Any) -> None:
        line = json.dumps(what, ensure_ascii=False).encode() + b"\n"
        handle = os.open(self.folder / file, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
        os.write(handle, line)
        os.close(handle)

    def read(self, file: str) -> list[dict[str, Any]]:
        path = self.folder / file
        return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if path.exists() else []

    def heard(self) -> Counter[tuple[str, str]]:
        """How often each text was heard at each address."""
        told = (one.get("sent", one) for one in self.read("heard"))  # a gateway tells of more than of what was sent
        return Counter((one["to"], one["text"]) for one in told if "text" in one)

    def done(self) -> int:
        """How many deeds the bot had dealt with when it was last seen."""
        return max((one["done"] for one in self.read("told") if "done" in one), default=-1) + 1

    def acknowledged(self) -> set[str]:
        """Messages after whose commit the bot went on: of these none may be lost."""
        kept = {one["kept"] for one in self.read("told") if "kept" in one}
        return {f"deed-{number}" for number in kept if isinstance(deeds()[number].action, Say | Direct)}

    def deaths(self) -> list[str]:
        """The points at which the bot was killed."""
        return [one["at"] for one in self.read("told") if "died" in one]


class Stage(Protocol):
    """The platform as one life meets it; `deed` is the number of the deed that is being done, -1 before the first."""

    deed: int

    @property
    def chat(self) -> WechatyChat: ...

    async def begin(self, runtime: Runtime) -> None:
        """Wait until the account is logged in and the bot has dealt with that."""
        ...

    async def do(self, deed: Deed, runtime: Runtime) -> None:
        """Have the deed happen, and wait until the bot has dealt with it."""
        ...


Build = Callable[[Record, LocalClock, int], Stage]
"""Makes the stage of a life, given how many lives were lost before it."""


class Fuse:
    """Decides when a life ends: at a point at which none of this story has ended yet, else by dice."""

    def __init__(self, seed: int, life: int, before: Collection[str]) -> None:
        self._before = frozenset(before)
        self._dice = Random(seed * 1000 + life)
        self._left = self._dice.randint(1, LONGEST)

    def burns(self, point: str) -> bool:
        self._left -= 1
        return point not in self._before or self._left <= 0 or self._dice.random() < CHANCE.get(point, 0)


@dataclass
class Killer:
    """The fault port of a life: where the fuse burns down the process is gone, as by a power cut."""

    record: Record
    clock: LocalClock
    stage: Stage
    fuse: Fuse | None

    def at(self, point: str) -> None:
        if point == "ingest.kept" and self.stage.deed >= 0:
            self.record.note("told", kept=self.stage.deed)
        if self.fuse is not None and self.fuse.burns(point):
            self.record.note("told", died=self.clock.now(), at=point)
            os.kill(os.getpid(), signal.SIGKILL)


async def live(url: str, record: Record, fuse: Fuse | None, build: Build) -> None:
    """Live from where the last life ended; the deed that it died in is told once more."""
    told = record.read("told")
    died = [one["died"] for one in told if "died" in one]
    clock = LocalClock(died[-1] + SECOND if died else BEGIN, still=True)
    stage = build(record, clock, len(died))
    database = Database(url)
    house = house_on(database, clock)  # type: ignore[arg-type]
    house.faults = Killer(record, clock, stage, fuse)
    house.chat = stage.chat
    runtime = Runtime(house, driven=True)
    await runtime.start()
    await stage.begin(runtime)
    for number, deed in list(enumerate(deeds()))[record.done() :]:
        if clock.now() < deed.at:
            await runtime.advance(deed.at)
        stage.deed = number
        await stage.do(deed, runtime)
        record.note("told", done=number)
    await runtime.advance(max(END, clock.now()))
    await runtime.stop()
    database.close()


def spend(url: str, record: Record, fuse: Fuse | None, build: Build) -> int:
    """A life in a process of its own; returns how it ended, -SIGKILL when it was killed."""
    child = os.fork()
    if child == 0:
        try:
            asyncio.run(live(url, record, fuse, build))
        except BaseException:  # noqa: BLE001 - whatever it is, the parent's frames are not unwound in the child
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
