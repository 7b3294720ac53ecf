"""What people do in the local group, one method for each deed; the bot hears of it through the puppet as on WeChat."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from bot.errors import BadInput
from bot.localgroup.puppet import LocalPuppet
from bot.localgroup.world import ACCOUNT, ACCOUNT_NAME, MENTION_SPACE, Spoken, World
from bot.ports import Address, Clock
from bot.wechat.library import (
    EventFriendshipPayload,
    EventMessagePayload,
    EventRoomJoinPayload,
    EventRoomLeavePayload,
    WechatyPuppetOperationError,
)

OnSpoken = Callable[[Spoken], None]
OnSaid = Callable[[Address, str, tuple[str, ...]], None]
_WEIXIN = "weixin"
_NOTICES = {
    "扫码": ("“{who}”通过扫描“{by}”分享的二维码加入群聊", "“{who}”通过扫描二维码加入群聊"),
    "链接": ("“{who}”通过“{by}”分享的链接加入群聊", "“{who}”通过链接加入群聊"),
    "好友邀请": ("“{by}”邀请“{who}”加入了群聊", "“{who}”受邀请加入了群聊"),
}
CHANNELS = tuple(_NOTICES)


class LocalGroup:
    """The embedded group(s). `puppet` is the puppet factory for bot.wechat.adapter.WechatyChat."""

    def __init__(self, clock: Clock, name: str = "测试群") -> None:
        self.clock = clock
        self.world = World()
        self.current = self.world.group(name).id
        self._last_speaker: dict[str, str] = {}
        self._puppet: LocalPuppet | None = None
        self._listeners: list[OnSaid] = []
        self._watchers: list[OnSpoken] = []

    def puppet(self) -> LocalPuppet:
        """A fresh connection; what happens from now on is told through it."""
        self._puppet = LocalPuppet(self)
        return self._puppet

    def subscribe(self, on_said: OnSaid) -> None:
        """Have `on_said(address, text, mentions)` called for everything the account says."""
        self._listeners.append(on_said)

    def unsubscribe(self, on_said: OnSaid) -> None:
        self._listeners.remove(on_said)

    def watch(self, on_spoken: OnSpoken) -> None:
        """Have `on_spoken` called for everything that anybody says, the account and notices included."""
        self._watchers.append(on_spoken)

    def seed(self, group: str, people: Iterable[str] = (), friends: Iterable[str] = ()) -> None:
        """Put long-standing members and friends in place, without telling of it (what a restart should know)."""
        self.world.group(group)
        for person in people:
            self.world.settle_in(group, person)
        for person in friends:
            self.world.contact(person).friend = True

    def cut(self) -> None:
        """Break the connection, to see the bot come back."""
        if self._puppet is not None:
            self._puppet.cut()

    async def say(self, person: str, text: str, kind: str = "text", to_bot: bool = False) -> str:
        """Speak in the current group; `to_bot` puts a mention of the account before the text. Returns the id."""
        group = self.current
        self.world.settle_in(group, person)
        self._last_speaker[group] = person
        words = _content(text, kind)
        said = f"@{ACCOUNT_NAME}{MENTION_SPACE}{words}" if to_bot else words
        return await self._speak(person, said, group=group, kind=kind, mentions=self.world.mentioned(group, said))

    async def direct(self, person: str, text: str, kind: str = "text") -> str:
        """Write to the account directly; who does becomes its friend first. Returns the id."""
        await self.befriend(person)
        return await self._speak(person, _content(text, kind), to=ACCOUNT, kind=kind)

    async def join(self, person: str, channel: str | None = None) -> None:
        """Come into the current group, invited by whoever spoke last there."""
        group, contact = self.current, self.world.contact(person)
        if self.world.is_in(group, person):
            raise BadInput(f"{person} 已经在群里")
        inviter = self._inviter(group)
        self.world.settle_in(group, person)
        if channel:
            by = self.world.contacts[inviter].name if inviter else ""
            notice = _NOTICES[channel][0 if by else 1].format(who=contact.name, by=by)
            await self._speak(_WEIXIN, notice, group=group, kind="notice")
        await self._tell_join(group, [person], inviter)

    def _inviter(self, group: str) -> str:
        speaker = self._last_speaker.get(group, "")
        return speaker if self.world.is_in(group, speaker) else ""

    async def leave(self, person: str) -> None:
        """Leave the current group. Raises BadInput when not in it."""
        self.world.take_out(self.current, person)
        await self._tell_leave(self.current, person, person)

    async def befriend(self, person: str) -> None:
        """Become a friend of the account; nothing happens the second time."""
        contact = self.world.contact(person)
        if not contact.friend:
            contact.friend = True
            await self._tell("friendship", EventFriendshipPayload(friendship_id=person))

    async def withdraw(self, person: str) -> str:
        """Take back the person's last message in the current group; returns its id."""
        spoken = self.world.last_of(self.current, person)
        await self._speak(person, spoken.id, group=self.current, kind="withdraw")
        return spoken.id

    async def switch(self, name: str) -> None:
        """Go to another group; the account is drawn into it when it is new."""
        new, before = name not in self.world.groups, self.current
        self.current = self.world.group(name).id
        if new:
            await self._tell_join(self.current, [ACCOUNT], self._last_speaker.get(before, ""))

    async def account_says(
        self, conversation: str, text: str, mentions: tuple[str, ...] = (), kind: str = "text"
    ) -> str:
        """The account's own message: shown to subscribers, and echoed to it as WeChat does. A picture or a card is
        shown as its `text` tells it.

        Raises WechatyPuppetOperationError for an unknown conversation or a person who is no friend.
        """
        address = self._address(conversation)
        group, to = (address.id, None) if address.kind == "group" else (None, address.id)
        message = await self._speak(ACCOUNT, text, group=group, to=to, kind=kind, mentions=mentions)
        for on_said in tuple(self._listeners):
            on_said(address, text, mentions)
        return message

    def _address(self, conversation: str) -> Address:
        contact = self.world.contacts.get(conversation)
        if contact is not None and contact.friend:
            return Address("direct", conversation)
        if conversation in self.world.groups:
            return Address("group", conversation)
        raise WechatyPuppetOperationError("对方不是好友" if contact else "没有这个会话")

    async def account_removes(self, group: str, person: str) -> None:
        """The account puts somebody out of a group. Raises WechatyPuppetOperationError when not there."""
        if group not in self.world.groups or not self.world.is_in(group, person):
            raise WechatyPuppetOperationError("此人不在群里")
        self.world.take_out(group, person)
        await self._tell_leave(group, person, ACCOUNT)

    async def _speak(self, sender: str, text: str, **rest: Any) -> str:
        fields = {"group": None, "to": None, **rest}
        spoken = Spoken(self.world.new_id("message"), self.clock.now(), sender, text=text, **fields)
        self.world.record(spoken)
        for on_spoken in tuple(self._watchers):
            on_spoken(spoken)
        await self._tell("message", EventMessagePayload(message_id=spoken.id))
        return spoken.id

    async def _tell_join(self, group: str, people: list[str], inviter: str) -> None:
        at = self.clock.now() // 1000
        joined = EventRoomJoinPayload(invited_ids=people, inviter_id=inviter, room_id=group, timestamp=at)
        await self._tell("room-join", joined)

    async def _tell_leave(self, group: str, person: str, by: str) -> None:
        at = self.clock.now() // 1000
        left = EventRoomLeavePayload(removed_ids=[person], remover_id=by, room_id=group, timestamp=at)
        await self._tell("room-leave", left)

    async def _tell(self, event: str, payload: Any) -> None:
        if self._puppet is not None:
            await self._puppet.tell(event, payload)


def _content(text: str, kind: str) -> str:
    """A message as WeChat delivers it: a position "latitude,longitude" comes as XML."""
    if kind != "location" or not text:
        return text
    latitude, longitude = text.split(",")
    return f'<msg><location x="{latitude}" y="{longitude}" scale="16" label="" /></msg>'
