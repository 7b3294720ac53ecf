"""One ordered queue with one consumer: what arrived first is handled first, and a failure ends nothing."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

FORESEEN = 16
"""How many of those that wait are looked at ahead of their turn."""


class Inbox:
    """Bounded by `bound` items; a puppet that waits for `room()` before it reads on never meets the bound.

    foresee: called with each item once it is among the first that wait, so that what it needs can be asked for early.
    """

    def __init__(
        self,
        handle: Callable[[Any], Awaitable[None]],
        bound: int = 10_000,
        foresee: Callable[[Any], None] = lambda item: None,
    ) -> None:
        self._handle = handle
        self._foresee = foresee
        self._bound = bound
        self._items: deque[Any] = deque()
        self._some = asyncio.Event()
        self._space = asyncio.Event()
        self._idle = asyncio.Event()
        self._space.set()
        self._idle.set()
        self._closed = False
        self.lost = 0
        """How many items found the queue full."""

    def __len__(self) -> int:
        """How many items wait."""
        return len(self._items)

    def offer(self, item: Any) -> bool:
        """Take `item` unless the queue is full; a refused item is counted in `lost`. Once closed, all is let go."""
        if self._closed:
            return True
        if len(self._items) >= self._bound:
            self.lost += 1
            return False
        self.push(item)
        return True

    def push(self, item: Any) -> None:
        """Take `item` in any case: what the adapter itself has to report is never refused."""
        self._items.append(item)
        if len(self._items) <= FORESEEN:
            self._foresee(item)
        self._some.set()
        self._idle.clear()
        if len(self._items) >= self._bound:
            self._space.clear()

    def put_first(self, items: Sequence[Any]) -> None:
        """Take these in any case, in their order, ahead of everything that waits."""
        self._items.extendleft(reversed(items))
        if items:
            self._some.set()
            self._idle.clear()

    async def room(self) -> None:
        """Wait until there is room for one more."""
        if not self._space.is_set():
            await self._space.wait()

    async def idle(self) -> None:
        """Wait until everything taken so far has been handled."""
        await self._idle.wait()

    def close(self) -> None:
        """Take nothing more from outside."""
        self._closed = True
        self._space.set()

    def open(self) -> None:
        self._closed = False

    async def run(self) -> None:
        """Handle items for ever; `handle` keeps its own exceptions to itself."""
        try:
            while True:
                await self._some.wait()
                await self._drain()
        finally:
            self._items.clear()
            self._some.clear()
            self._space.set()
            self._idle.set()

    async def _drain(self) -> None:
        while self._items:
            item = self._items.popleft()
            if len(self._items) < self._bound:
                self._space.set()
            if len(self._items) >= FORESEEN:
                self._foresee(self._items[FORESEEN - 1])
            await self._handle(item)
        self._some.clear()
        self._idle.set()
