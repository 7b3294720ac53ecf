"""A gRPC channel that writes once a turn of the event loop.

The library writes each frame by itself, two and more for every call. A system call gives the interpreter to another
thread, and under load the loop waits for it to come back; so frames are gathered and leave together.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bot.wechat.library import Channel, H2Protocol


class GatheringTransport:
    """The part of asyncio.Transport that grpclib uses."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._frames: list[bytes] = []

    def write(self, data: bytes) -> None:
        if not self._frames:
            self._loop.call_soon(self._flush)
        self._frames.append(data)

    def _flush(self) -> None:
        if self._frames:
            self._transport.write(b"".join(self._frames))
            self._frames.clear()

    def close(self) -> None:
        self._flush()
        self._transport.close()

    def is_closing(self) -> bool:
        return self._transport.is_closing()

    def get_extra_info(self, name: str) -> Any:
        return self._transport.get_extra_info(name)


class _Protocol(H2Protocol):
    def connection_made(self, transport: Any) -> None:
        super().connection_made(GatheringTransport(transport))


class GatheringChannel(Channel):
    """A channel whose connections gather what they write."""

    def _protocol_factory(self) -> H2Protocol:
        plain = super()._protocol_factory()
        return _Protocol(plain.handler, plain.config, plain.h2_config)
