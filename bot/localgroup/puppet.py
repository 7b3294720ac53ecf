"""The local group as a wechaty puppet: the same Wechaty, adapter, events and sends as with WeChat, in one process."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any, Protocol

from bot.localgroup.world import ACCOUNT, Spoken, World
from bot.wechat.library import (
    AsyncIOEventEmitter,
    ContactPayload,
    ContactType,
    EventLoginPayload,
    FriendshipPayload,
    FriendshipType,
    MessagePayload,
    MessageType,
    Puppet,
    PuppetOptions,
    RoomMemberPayload,
    RoomPayload,
    WechatyPuppetOperationError,
)

TYPES = {
    "text": MessageType.MESSAGE_TYPE_TEXT,
    "image": MessageType.MESSAGE_TYPE_IMAGE,
    "voice": MessageType.MESSAGE_TYPE_AUDIO,
    "video": MessageType.MESSAGE_TYPE_VIDEO,
    "file": MessageType.MESSAGE_TYPE_ATTACHMENT,
    "emoji": MessageType.MESSAGE_TYPE_EMOTICON,
    "link": MessageType.MESSAGE_TYPE_URL,
    "location": MessageType.MESSAGE_TYPE_LOCATION,
    "mini_program": MessageType.MESSAGE_TYPE_MINI_PROGRAM,
    "card": MessageType.MESSAGE_TYPE_CONTACT,
    "withdraw": MessageType.MESSAGE_TYPE_RECALLED,
    "notice": MessageType.MESSAGE_TYPE_UNSPECIFIED,
}


class Receiver(Protocol):
    """Who carries out what the account does through the puppet."""

    world: World

    async def account_says(
        self, conversation: str, text: str, mentions: tuple[str, ...] = (), kind: str = "text"
    ) -> str: ...

    async def account_removes(self, group: str, person: str) -> None: ...


class LocalPuppet(Puppet):
    """One connection to the local group; `start` returns when it is stopped or cut."""

    def __init__(self, receiver: Receiver) -> None:
        super().__init__(PuppetOptions(), "local-group")
        self._receiver = receiver
        self._world = receiver.world
        self._emitter = AsyncIOEventEmitter()
        self._ended = asyncio.Event()
        self.gate: Callable[[], Awaitable[None]] | None = None
        """Awaited before each event, so that a full inbox holds the speaker back."""

    async def tell(self, event: str, payload: Any) -> None:
        """Emit one event to wechaty."""
        if self.gate is not None:
            await self.gate()
        self._emitter.emit(event, payload)

    def on(self, event_name: str, caller: Callable[..., Any]) -> None:
        self._emitter.on(event_name, caller)

    def listener_count(self, event_name: str) -> int:
        return len(self._emitter.listeners(event_name))

    async def start(self) -> None:
        await self.tell("login", EventLoginPayload(contact_id=ACCOUNT))
        await self._ended.wait()

    async def stop(self) -> None:
        self._emitter.remove_all_listeners()
        self._ended.set()

    def cut(self) -> None:
        """End the connection from the group's side, as a gateway that goes away."""
        self._ended.set()

    def self_id(self) -> str:
        return ACCOUNT

    async def message_payload(self, message_id: str) -> Any:
        return _message(self._known(self._world.messages, message_id))

    async def contact_payload(self, contact_id: str) -> Any:
        contact = self._known(self._world.contacts, contact_id)
        personal = ContactType.CONTACT_TYPE_PERSONAL
        return ContactPayload(id=contact.id, name=contact.name, friend=contact.friend, type=personal)

    async def contact_list(self) -> list[str]:
        return list(self._world.contacts)

    async def room_payload(self, room_id: str) -> Any:
        group = self._known(self._world.groups, room_id)
        return RoomPayload(id=group.id, topic=group.name, owner_id=ACCOUNT, member_ids=list(group.members))

    async def room_search(self, query: Any = None) -> list[str]:
        return list(self._world.groups)

    async def room_list(self) -> list[str]:
        return list(self._world.groups)

    async def room_members(self, room_id: str) -> list[str]:
        return list(self._known(self._world.groups, room_id).members)

    async def room_member_payload(self, room_id: str, contact_id: str) -> Any:
        contact = self._known(self._world.contacts, contact_id)
        return RoomMemberPayload(id=contact.id, name=contact.name)

    async def room_delete(self, room_id: str, contact_id: str) -> None:
        await self._receiver.account_removes(room_id, contact_id)

    async def friendship_payload(self, friendship_id: str, payload: Any = None) -> Any:
        confirmed = FriendshipType.FRIENDSHIP_TYPE_CONFIRM
        return FriendshipPayload(id=friendship_id, contact_id=friendship_id, type=confirmed)

    async def message_send_text(self, conversation_id: str, message: str, mention_ids: list[str] | None = None) -> str:
        return await self._receiver.account_says(conversation_id, message, tuple(mention_ids or ()))

    async def message_send_file(self, conversation_id: str, file: Any) -> str:
        shown = f"[图片] {file.name}（{max(1, len(file.buffer) // 1000)} KB）"
        return await self._receiver.account_says(conversation_id, shown, kind="image")

    async def message_send_url(self, conversation_id: str, url: str) -> str:
        link = json.loads(url)
        return await self._receiver.account_says(conversation_id, f"[链接] {link['title']} {link['url']}", kind="link")

    async def message_send_contact(self, contact_id: str, conversation_id: str) -> str:
        contact = self._known(self._world.contacts, contact_id)
        return await self._receiver.account_says(conversation_id, f"[名片] {contact.name}", kind="card")

    @staticmethod
    def _known(things: Any, key: str) -> Any:
        if key not in things:
            raise WechatyPuppetOperationError("本地群里没有这个编号")
        return things[key]


def _message(spoken: Spoken) -> Any:
    """wechaty's payload; timestamps are whole milliseconds, as gateways give them."""
    return MessagePayload(
        id=spoken.id,
        text=spoken.text,
        timestamp=spoken.at // 1000,
        type=TYPES[spoken.kind],
        from_id=spoken.sender,
        room_id=spoken.group or "",
        to_id=spoken.to or "",
        mention_ids=list(spoken.mentions),
    )
