"""The way to WeChat: wechaty's PuppetService with the settings given in full, deadlines, and honest failures."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from typing import Any

from bot.errors import BadInput
from bot.wechat.channel import GatheringChannel
from bot.wechat.endpoint import address_of
from bot.wechat.library import (
    Cardinality,
    Channel,
    Configuration,
    FileBoxChunk,
    MessageSendFileStreamRequest,
    MessageSendFileStreamResponse,
    PuppetOptions,
    PuppetService,
    PuppetStub,
    puppet_service,
)

CALL_DEADLINE = 15.0
"""Seconds for each single call; the event stream has none."""
_STOP_DEADLINE = 2.0
_KEEPALIVE = Configuration(
    _keepalive_time=20.0,
    _keepalive_timeout=10.0,
    _keepalive_permit_without_calls=True,
    _http2_max_pings_without_data=0,
    # The library's own 300 s would silently keep every ping back.
    _http2_min_sent_ping_interval_without_data=10.0,
)
_KNOWN_TYPES = 16
_IN_A_ROW = 50
"""Events of a burst after which everything else has its turn: they come by the thousand in one piece."""
_PIECE = 256 * 1024
"""Bytes of a file that go in one message to the gateway."""

Gate = Callable[[], Awaitable[None]]


async def _open_gate() -> None:
    return None


def gateway_factory(token: str, endpoint: str) -> Callable[[], GatewayPuppet]:
    """A maker of fresh puppets for one gateway, one for each connection. Raises BadInput for a bad setting."""
    host, port = address_of(endpoint)
    if not token.strip():
        raise BadInput("缺少 WECHATY_PUPPET_SERVICE_TOKEN")
    return lambda: GatewayPuppet(token.strip(), host, port)


class _Stub(PuppetStub):
    """Every single call has a deadline; the event stream has none, and reads on only while there is room."""

    def __init__(self, channel: Channel, gate: Callable[[], Gate]) -> None:
        super().__init__(channel, timeout=CALL_DEADLINE)
        self._gate = gate
        self.heard = False
        """Whether the event stream has brought anything: then it is ours."""

    async def event(self) -> AsyncIterator[Any]:
        number = 0
        async for response in PuppetStub(self.channel).event():
            self.heard = True
            await self._gate()()
            yield response
            number += 1
            if number % _IN_A_ROW == 0:
                await asyncio.sleep(0)

    async def send_file(self, conversation: str, name: str, content: bytes) -> Any:
        """A file piece by piece; the generated stub names such calls, but its library cannot make them."""
        async with self.channel.request(
            "/wechaty.Puppet/MessageSendFileStream",
            Cardinality.STREAM_UNARY,
            MessageSendFileStreamRequest,
            MessageSendFileStreamResponse,
            timeout=CALL_DEADLINE,
        ) as stream:
            for piece in _pieces(conversation, name, content):
                await stream.send_message(piece)
            await stream.end()
            return await stream.recv_message()


def _pieces(conversation: str, name: str, content: bytes) -> Iterator[Any]:
    yield MessageSendFileStreamRequest(conversation_id=conversation)
    yield MessageSendFileStreamRequest(file_box_chunk=FileBoxChunk(name=name))
    for start in range(0, len(content), _PIECE):
        yield MessageSendFileStreamRequest(file_box_chunk=FileBoxChunk(data=content[start : start + _PIECE]))


class GatewayPuppet(PuppetService):
    """One connection to a wechaty gateway. `start` returns or raises when the connection ends."""

    def __init__(self, token: str, host: str, port: int) -> None:
        super().__init__(PuppetOptions(token=token, end_point=f"{host}:{port}"))
        self._at = (host, port)
        self.gate: Gate = _open_gate
        """Awaited before each event is read: where a full inbox holds the gateway back."""

    def _init_puppet(self) -> None:
        """Open the channel. wechaty's own blocks the loop for a telnet probe and asks a public server for addresses."""
        host, port = self._at
        self.channel: Channel | None = GatheringChannel(host=host, port=port, config=_KEEPALIVE)
        self.channel._authority = self.options.token
        self._puppet_stub: _Stub | None = _Stub(self.channel, lambda: self.gate)

    async def start(self) -> None:
        """Listen until the stream ends. wechaty's own first sends Stop, which would throw another client out."""
        self._init_puppet()
        await self.puppet_stub.start()
        await self._listen_for_event()

    async def stop(self) -> None:
        """Close the channel, also when the gateway no longer answers.

        Only a connection that has heard something sends Stop: the gateway's one stream may be another client's.
        """
        self._event_stream.remove_all_listeners()
        stub, channel = self._puppet_stub, self.channel
        self._puppet_stub, self.channel = None, None
        try:
            if stub is not None and stub.heard:
                async with asyncio.timeout(_STOP_DEADLINE):
                    await stub.stop()
        finally:
            if channel is not None:
                channel.close()

    async def message_payload(self, message_id: str) -> Any:
        """As wechaty's, but a type of message that it does not know is `unspecified` instead of an IndexError."""
        payload = await self.puppet_stub.message_payload(id=message_id)
        if int(payload.type) >= _KNOWN_TYPES:
            payload.type = 0
        return puppet_service._map_message_type(payload)

    async def friendship_payload(self, friendship_id: str, payload: Any = None) -> Any:
        """As wechaty's, but it only asks: wechaty sends the text "null", which makes the gateway forget the payload."""
        return await self.puppet_stub.friendship_payload(id=friendship_id)

    async def message_send_file(self, conversation_id: str, file: Any) -> str:
        """Send a FileBox that has its content in `buffer`, piece by piece: in one piece, as wechaty's own does it, more
        than three megabytes are over the gateway's bound for a message."""
        response = await self.puppet_stub.send_file(conversation_id, file.name, file.buffer)
        return str((response and response.id) or "")
