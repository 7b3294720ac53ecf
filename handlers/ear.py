"""The bot's ear: takes in everything heard, in order, and turns what is waiting into one unit of work at a time.

Under load many messages share a transaction; when one of them cannot be dealt with, the batch is taken again one by
one, so that it alone is left out.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from bot.core.instants import Instant
from bot.log import get_logger
from bot.ports import Heard, MessageHeard
from handlers.house import House
from handlers.turn import Turn, take_batch

MOST_AT_ONCE = 200
WAITING_AT_MOST = 5_000
"""Beyond this the platform side waits: a burst costs time, not memory."""

_log = get_logger(__name__)


class Ear:
    """Consumes `Heard` values; `woken` is called after each commit, so that replies go out at once."""

    def __init__(self, house: House, woken: Callable[[], None]) -> None:
        self._house = house
        self._woken = woken
        self._waiting: asyncio.Queue[Heard] = asyncio.Queue(WAITING_AT_MOST)
        self._last: dict[str, Instant] = {}

    @property
    def behind(self) -> int:
        """How many things were heard and not yet dealt with."""
        return self._waiting.qsize()

    async def listen(self, heard: Heard) -> None:
        await self._waiting.put(heard)

    async def idle(self) -> None:
        """Wait until everything heard so far is dealt with."""
        await self._waiting.join()

    async def run(self) -> None:
        """Deal with what is heard, for ever."""
        while True:
            batch = [await self._waiting.get()]
            while len(batch) < MOST_AT_ONCE and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            try:
                await self._deal(batch)
            finally:
                for _ in batch:
                    self._waiting.task_done()

    async def _deal(self, batch: Sequence[Heard]) -> None:
        """Messages in stretches together, everything else by itself, in the order heard."""
        stretch: list[MessageHeard] = []
        for heard in batch:
            if isinstance(heard, MessageHeard):
                stretch.append(heard)
                continue
            await self._take(stretch)
            stretch = []
            await self._take([heard])
        await self._take(stretch)

    async def _take(self, batch: Sequence[Heard]) -> None:
        if not batch:
            return
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001 - one message must not silence the bot
            self._house.context.forget()
            if len(batch) == 1:
                _log.error("an event could not be dealt with", **_named(batch[0]), error=type(error).__name__)
                return
            for heard in batch:
                await self._take([heard])

    async def _write(self, batch: Sequence[Heard]) -> None:
        self._house.faults.at("ingest.taken")
        turn = Turn(self._house, self._last)
        prepared = turn.prepare(batch)
        await self._house.database.write(lambda uow: take_batch(uow, turn, prepared))
        self._house.faults.at("ingest.kept")
        self._woken()


def _named(heard: Heard) -> dict[str, Any]:
    """What a log line may say of it: never the text."""
    return {"heard": type(heard).__name__, "id": getattr(heard, "id", "")}
