"""wechaty's Wechaty with three habits changed: ordered events, no shared pools, a `connect` that tells the truth."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from bot.wechat.library import AsyncIOScheduler, Puppet, PuppetOptions, Wechaty, WechatyOptions

EVENTS = (
    "login",
    "logout",
    "scan",
    "error",
    "message",
    "room-join",
    "room-leave",
    "room-topic",
    "room-invite",
    "friendship",
)

Hear = Callable[[str, Any], None]


class Bot(Wechaty):
    """One connection. wechaty's own bridge makes a task of every event, so that their order is lost, and swallows
    repeats in a set shared by the whole process; this one hands each event on at once, in the order it came.
    """

    def __init__(self, puppet: Puppet, hear: Hear) -> None:
        # A scheduler of our own keeps the pickling job store away; port 1 has no listener, so its probe finds none.
        options = WechatyOptions(puppet=puppet, puppet_options=PuppetOptions(), scheduler=AsyncIOScheduler(), port=1)
        super().__init__(options)
        self._hear = hear

    async def init_puppet(self) -> None:
        """Bind the user classes to this connection, each with a pool of its own (wechaty's are process-global)."""
        await super().init_puppet()
        for kind in (self.Contact, self.ContactSelf, self.Room):
            kind._pool = {}

    async def init_puppet_event_bridge(self, puppet: Puppet) -> None:
        """Listen with plain functions, which the emitter calls at once and in order."""
        for name in EVENTS:
            puppet.on(name, partial(self._hear, name))

    async def connect(self) -> None:
        """Listen until the connection ends, then return or raise what ended it.

        Unlike `Wechaty.start` it neither prints, swallows, sleeps nor stops the event loop.
        """
        await self.init_puppet()
        await self.init_puppet_event_bridge(self.puppet)
        await self.puppet.start()
