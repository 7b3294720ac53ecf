"""The bot's ear: takes in everything heard, in order, and turns what is waiting into one unit of work at a time.

Under load many messages share a transaction; when one of them cannot be dealt with, the batch is taken again one by
one, so that it alone is left out. A platform may tell messages out of order: those that wait together are dealt with
in the order said.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from itertools import count
from typing import Any

from bot.core.instants import Instant
from bot.core.roles_of_speech import admin_word
from bot.log import get_logger
from bot.ports import ConnectionHeard, EchoHeard, Heard, MessageHeard
from handlers.house import House
from handlers.turn import Turn, take_batch

MOST_AT_ONCE = 200
"""Messages read in one go: some thirty milliseconds in which nothing else happens in the loop."""
WAITING_AT_MOST = 20_000
"""Beyond this the platform side waits: a burst costs time, not memory. A command overtakes what waits here."""
HEAR_FIRST = 200
"""While more than that is not looked into on the platform side, talk waits: a command to the bot may be among it."""
A_MOMENT = 0.02
"""Seconds for which talk waits at a time; where meanwhile nothing more was heard it waits no longer."""

_FIRST, _IN_TURN = 0, 1
_Waiting = tuple[int, int, Heard]
"""Where it is placed, its number in the order heard, and the thing itself."""
_log = get_logger(__name__)


class Ear:
    """Consumes `Heard` values; `woken` is called after each commit, so that replies go out at once."""

    def __init__(self, house: House, woken: Callable[[], None]) -> None:
        self._house = house
        self._woken = woken
        self._waiting: asyncio.PriorityQueue[_Waiting] = asyncio.PriorityQueue(WAITING_AT_MOST)
        self._numbers = count()
        self._overtaking = 0
        self._speaking: Counter[str] = Counter()
        self._last: dict[str, Instant] = {}

    @property
    def behind(self) -> int:
        """How many things the platform told and were not yet dealt with."""
        return self._waiting.qsize() + self._unheard

    @property
    def _unheard(self) -> int:
        """How many things the platform told of which nobody has looked what they are."""
        chat = self._house.chat
        return chat.waiting if chat is not None else 0

    async def listen(self, heard: Heard) -> None:
        """Take in one thing, or wait until there is room for it. An echo waits for nothing: it is awaited by time."""
        self._house.echoes.listen(self._house.now())
        if isinstance(heard, EchoHeard):
            if self._house.echoes.hear(heard):
                self._woken()
            return
        if isinstance(heard, ConnectionHeard):
            self._house.echoes.forget()
        place = _FIRST if self._may_jump(heard) else _IN_TURN
        self._overtaking += place is _FIRST
        if place is _IN_TURN and isinstance(heard, MessageHeard):
            self._speaking[heard.sender.id] += 1
        await self._waiting.put((place, next(self._numbers), heard))

    def _may_jump(self, heard: Heard) -> bool:
        """A command to the bot itself waits for no talk; but nothing overtakes its own group, or what its own sender
        has said that waits in turn."""
        if not isinstance(heard, MessageHeard) or heard.group is not None:
            return False
        return admin_word(heard.text.strip()) is not None and not self._speaking[heard.sender.id]

    async def idle(self) -> None:
        """Wait until everything heard so far is dealt with."""
        await self._waiting.join()

    async def run(self) -> None:
        """Deal with what is heard, for ever."""
        while True:
            await self._hear_first()
            batch = [await self._waiting.get()]
            while len(batch) < MOST_AT_ONCE and not self._waiting.empty():
                batch.append(self._waiting.get_nowait())
            self._overtaking -= sum(place is _FIRST for place, *_ in batch)
            self._house.status.behind = self.behind
            try:
                await self._deal([heard for *_, heard in batch])
            finally:
                self._done(batch)

    async def _hear_first(self) -> None:
        """Hear all of a burst before its talk is dealt with: that costs less, and commands overtake from there."""
        known, waiting = -1, self._waiting
        while self._unheard > HEAR_FIRST and not self._overtaking and not waiting.full() and waiting.qsize() > known:
            known = waiting.qsize()
            await asyncio.sleep(A_MOMENT)

    def _done(self, batch: Sequence[_Waiting]) -> None:
        in_turn = (heard for place, _, heard in batch if place is _IN_TURN)
        self._speaking -= Counter(heard.sender.id for heard in in_turn if isinstance(heard, MessageHeard))
        for _ in batch:
            self._waiting.task_done()

    async def _deal(self, batch: Sequence[Heard]) -> None:
        """Messages in stretches together in the order said, everything else by itself in the order heard."""
        stretch: list[MessageHeard] = []
        for heard in batch:
            if isinstance(heard, MessageHeard):
                stretch.append(heard)
                continue
            await self._take(_as_said(stretch))
            stretch = []
            await self._take([heard])
        await self._take(_as_said(stretch))

    async def _take(self, batch: Sequence[Heard]) -> None:
        if not batch:
            return
        try:
            await self._write(batch)
        except Exception as error:  # noqa: BLE001 - one message must not silence the bot
            self._house.context.forget()
            self._house.siblings.forget()
            if len(batch) == 1:
                told = _named(batch[0], with_text=self._house.settings.log_text)
                _log.error("an event could not be dealt with", **told, error=type(error).__name__)
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


def _as_said(messages: Sequence[MessageHeard]) -> list[MessageHeard]:
    return sorted(messages, key=lambda heard: heard.at)


def _named(heard: Heard, *, with_text: bool) -> dict[str, Any]:
    """What a log line may say of it: the text only where the operator has asked for it."""
    named = {"heard": type(heard).__name__, "id": getattr(heard, "id", "")}
    return {**named, "text": heard.text} if with_text and isinstance(heard, MessageHeard) else named
