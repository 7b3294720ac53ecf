"""Payloads asked for before their message's turn has come: questions on their way together cost one journey."""

from __future__ import annotations

import asyncio
from typing import Any

from bot.wechat.library import Puppet


class Foresight:
    """What was asked and not yet read. An answer that came outlives its connection: a gateway that was started anew may
    know nothing of the messages before.
    """

    def __init__(self) -> None:
        self._asked: dict[str, asyncio.Task[Any]] = {}

    def ask(self, puppet: Puppet, message: str) -> None:
        """Ask for a message that will be read soon; nothing happens the second time."""
        if message not in self._asked:
            self._asked[message] = asyncio.create_task(puppet.message_payload(message))
            self._asked[message].add_done_callback(_noted)

    def drop(self, message: str) -> None:
        """The message will not be read."""
        self._asked.pop(message, None)

    async def payload(self, puppet: Puppet, message: str) -> Any:
        """The message's payload, asked for now if it was not before. Raises what the gateway raises."""
        asked = self._asked.pop(message, None)
        if asked is None:
            return await puppet.message_payload(message)
        await asyncio.wait([asked])
        if asked.cancelled():  # the library ends what a broken stream was carrying; that is not our own end
            raise ConnectionAbortedError
        return asked.result()

    def close(self) -> None:
        """The connection is over: what is not answered will not be."""
        for message, asked in list(self._asked.items()):
            if not asked.done() or asked.cancelled() or asked.exception() is not None:
                asked.cancel()
                del self._asked[message]

    def forget(self) -> None:
        """Another account: what its predecessor was told is none of its."""
        self.close()
        self._asked.clear()


def _noted(asked: asyncio.Task[Any]) -> None:
    """An error is told to whoever reads the message; when nobody does any more, it is nobody's."""
    if not asked.cancelled():
        asked.exception()
