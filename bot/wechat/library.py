"""wechaty, cured: the only place of the project that imports it. Everyone else takes its names from here."""

from __future__ import annotations

from bot.wechat import compat

compat.cure()

with compat.importing():
    from apscheduler.schedulers.asyncio import AsyncIOScheduler
    from grpclib.client import Channel
    from grpclib.config import Configuration
    from grpclib.const import Cardinality, Status
    from grpclib.exceptions import GRPCError, StreamTerminatedError
    from grpclib.protocol import H2Protocol
    from pyee.asyncio import AsyncIOEventEmitter
    from wechaty import Wechaty, WechatyOptions
    from wechaty.utils import qr_terminal
    from wechaty_grpc.wechaty import PuppetStub
    from wechaty_grpc.wechaty.puppet import FileBoxChunk, MessageSendFileStreamRequest, MessageSendFileStreamResponse
    from wechaty_puppet import (
        ContactPayload,
        ContactType,
        EventFriendshipPayload,
        EventLoginPayload,
        EventLogoutPayload,
        EventMessagePayload,
        EventReadyPayload,
        EventRoomInvitePayload,
        EventRoomJoinPayload,
        EventRoomLeavePayload,
        EventRoomTopicPayload,
        EventScanPayload,
        FileBox,
        FriendshipPayload,
        FriendshipType,
        MessagePayload,
        MessageType,
        Puppet,
        PuppetOptions,
        RoomMemberPayload,
        RoomPayload,
        WechatyPuppetError,
        WechatyPuppetOperationError,
    )
    from wechaty_puppet_service import PuppetService
    from wechaty_puppet_service import puppet as puppet_service

compat.calm()

__all__ = [
    "AsyncIOEventEmitter",
    "AsyncIOScheduler",
    "Cardinality",
    "Channel",
    "Configuration",
    "ContactPayload",
    "ContactType",
    "EventFriendshipPayload",
    "EventLoginPayload",
    "EventLogoutPayload",
    "EventMessagePayload",
    "EventReadyPayload",
    "EventRoomInvitePayload",
    "EventRoomJoinPayload",
    "EventRoomLeavePayload",
    "EventRoomTopicPayload",
    "EventScanPayload",
    "FileBox",
    "FileBoxChunk",
    "FriendshipPayload",
    "FriendshipType",
    "GRPCError",
    "H2Protocol",
    "MessagePayload",
    "MessageSendFileStreamRequest",
    "MessageSendFileStreamResponse",
    "MessageType",
    "Puppet",
    "PuppetOptions",
    "PuppetService",
    "PuppetStub",
    "RoomMemberPayload",
    "RoomPayload",
    "Status",
    "StreamTerminatedError",
    "Wechaty",
    "WechatyOptions",
    "WechatyPuppetError",
    "WechatyPuppetOperationError",
    "puppet_service",
    "qr_terminal",
]
