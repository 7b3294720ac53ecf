"""A small wechaty gateway on the loopback: real gRPC, the real messages, and only the calls the bot makes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from grpclib.const import Cardinality, Handler
from grpclib.server import Server

from bot.wechat import library  # noqa: F401 - cures the imports below

import wechaty_grpc.wechaty.puppet as wire  # isort: skip


class Gateway:
    """People and messages are plain dictionaries; `tell` sends one event down the stream."""

    def __init__(self) -> None:
        self.messages: dict[str, Any] = {}
        self.sent: list[tuple[str, str, list[str]]] = []
        self.friend_requests: list[Any] = []
        self._events: asyncio.Queue[Any] = asyncio.Queue()

    def tell(self, kind: Any, **payload: Any) -> None:
        self._events.put_nowait(wire.EventResponse(type=kind, payload=json.dumps(payload)))

    def deliver(self, **fields: Any) -> None:
        self.messages[fields["id"]] = wire.MessagePayloadResponse(**fields)
        self.tell(wire.EventType.EVENT_TYPE_MESSAGE, messageId=fields["id"])

    async def _event(self, stream: Any) -> None:
        await stream.recv_message()
        while True:
            await stream.send_message(await self._events.get())

    def _answer(self, request: type, call: Any) -> Handler:
        async def handle(stream: Any) -> None:
            await stream.send_message(call(await stream.recv_message()))

        reply = getattr(wire, request.__name__.removesuffix("Request") + "Response")
        return Handler(handle, Cardinality.UNARY_UNARY, request, reply)

    def _send(self, request: Any) -> Any:
        self.sent.append((request.conversation_id, request.text, list(request.mentonal_ids)))
        return wire.MessageSendTextResponse(id="sent-1")

    def _friendship(self, request: Any) -> Any:
        self.friend_requests.append(request.payload)
        return wire.FriendshipPayloadResponse(id=request.id, contact_id="wang", type=1)

    def __mapping__(self) -> dict[str, Handler]:
        answers = {
            "Start": (wire.StartRequest, lambda _: wire.StartResponse()),
            "Stop": (wire.StopRequest, lambda _: wire.StopResponse()),
            "MessagePayload": (wire.MessagePayloadRequest, lambda r: self.messages[r.id]),
            "MessageSendText": (wire.MessageSendTextRequest, self._send),
            "ContactPayload": (
                wire.ContactPayloadRequest,
                lambda r: wire.ContactPayloadResponse(id=r.id, name="甲" + r.id),
            ),
            "FriendshipPayload": (wire.FriendshipPayloadRequest, self._friendship),
            "RoomList": (wire.RoomListRequest, lambda _: wire.RoomListResponse(ids=["room"])),
            "RoomPayload": (wire.RoomPayloadRequest, lambda r: wire.RoomPayloadResponse(id=r.id, topic="读书会")),
            "RoomMemberList": (
                wire.RoomMemberListRequest,
                lambda _: wire.RoomMemberListResponse(member_ids=["bot", "wang"]),
            ),
            "RoomMemberPayload": (wire.RoomMemberPayloadRequest, lambda r: wire.RoomMemberPayloadResponse(id=r.id)),
        }
        handlers = {f"/wechaty.Puppet/{name}": self._answer(*answer) for name, answer in answers.items()}
        events = Handler(self._event, Cardinality.UNARY_STREAM, wire.EventRequest, wire.EventResponse)
        return {**handlers, "/wechaty.Puppet/Event": events}


@asynccontextmanager
async def gateway() -> AsyncIterator[tuple[Gateway, str]]:
    """A running gateway and its endpoint."""
    one = Gateway()
    server = Server([one])
    await server.start("127.0.0.1", 0)
    port = server._server.sockets[0].getsockname()[1]
    try:
        yield one, f"127.0.0.1:{port}"
    finally:
        server.close()
        await server.wait_closed()
