"""Turning one wechaty event into what was heard. Everything it needs to ask, it asks the directory."""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Collection
from typing import Any

from bot.core.instants import MINUTE, Instant
from bot.ports import (
    Address,
    Clock,
    EchoHeard,
    FriendHeard,
    GroupEntered,
    GroupLeft,
    Heard,
    JoinHeard,
    LeaveHeard,
    MessageHeard,
    Person,
    RosterHeard,
    ThrottleHeard,
    WithdrawHeard,
)
from bot.wechat import normalise, notices
from bot.wechat.bot import Bot
from bot.wechat.directory import Directory
from bot.wechat.foresight import Foresight
from bot.wechat.library import ContactType, FriendshipType, MessageType
from bot.wechat.recent import Recent

log = logging.getLogger(__name__)

_NOTICE_LASTS = MINUTE
Befriend = Callable[[str], Awaitable[bool]]
"""Asked with the account's id before a friend request is taken; False leaves it to a person."""


async def by_a_person(account: str) -> bool:
    """Take no friend request by oneself."""
    return False


class Hearing:
    """One connection's ears, for the account `account`. Each method returns what was heard, in order."""

    def __init__(
        self,
        bot: Bot,
        account: str,
        clock: Clock,
        recent: Recent,
        foresight: Foresight,
        befriend: Befriend,
        accounts: Callable[[], Collection[str]],
    ) -> None:
        self._bot = bot
        self._account = account
        self._clock = clock
        self._recent = recent
        self._foresight = foresight
        self._befriend = befriend
        self._accounts = accounts
        self._channels: dict[str, tuple[Instant, str]] = {}
        self._found_at_login: set[str] = set()
        self.directory = Directory(bot, clock)
        self._readers: dict[str, Callable[[Any], Awaitable[list[Heard]]]] = {
            "message": self._message,
            "room-join": self._join,
            "room-leave": self._leave,
            "room-topic": self._topic,
            "room-invite": self._invite,
            "friendship": self._friendship,
            "group": self._group_at_login,
        }

    async def read(self, event: str, payload: Any) -> list[Heard]:
        """What this event says; [] for events that say nothing to us. Raises what the gateway raises."""
        reader = self._readers.get(event)
        return await reader(payload) if reader else []

    def foresee(self, event: str, payload: Any) -> None:
        """Ask for a message now that will be read soon."""
        if event == "message" and payload.message_id and payload.message_id not in self._recent:
            self._foresight.ask(self._bot.puppet, payload.message_id)

    def close(self) -> None:
        """The connection is over."""
        self._foresight.close()

    async def groups(self) -> list[str]:
        """The groups the account finds itself in; each is to be read as a "group" event."""
        found = await self.directory.group_ids()
        self._found_at_login = set(found)
        return found

    async def _group_at_login(self, group: str) -> list[Heard]:
        return await self._entered(group, self._clock.now())

    async def _entered(self, group: str, at: Instant, without: tuple[str, ...] = ()) -> list[Heard]:
        """GroupEntered, once per connection and group; `without` are those whose own join is told next."""
        if group in self.directory.members:
            return []
        ids = [i for i in await self.directory.member_ids(group) if i != self._account and i not in without]
        self.directory.members[group] = set(ids)
        people = await self.directory.people(ids)
        topic = await self.directory.topic(group)
        return [GroupEntered(at, group, topic, people, at_login=group in self._found_at_login)]

    async def roster(self, group: str) -> RosterHeard:
        """The group as it is now, members and name asked anew. Raises what the gateway raises."""
        ids = [i for i in await self.directory.member_ids(group) if i != self._account]
        self.directory.members[group] = set(ids)
        people = await self.directory.people(ids)
        return RosterHeard(self._clock.now(), group, await self.directory.fresh_topic(group), people)

    async def is_friend(self, person: str) -> bool:
        """Whether the person is a friend now; False when that cannot be learned."""
        try:
            return bool((await self.directory.contact(person)).friend)
        except Exception as error:  # noqa: BLE001 - in doubt nobody is written to
            log.info("查不到 %s 是否好友（%s）", person, type(error).__name__)
            return False

    async def _message(self, event: Any) -> list[Heard]:
        if event.message_id in self._recent:
            self._foresight.drop(event.message_id)
            return []
        payload = await self._foresight.payload(self._bot.puppet, event.message_id)
        group = payload.room_id or None
        self._recent.add(event.message_id, group, payload.from_id, payload.text)
        at = normalise.instant_of(payload.timestamp, self._clock.now())
        if payload.type == MessageType.MESSAGE_TYPE_RECALLED:
            return await self._withdrawn(event.message_id, payload, group, at)
        if self._is_notice(payload, group):
            return self._notice(payload.text, group, at)
        if payload.from_id == self._account:
            return [self._echo(event.message_id, payload, group)]
        if group is None and await self._not_a_person(payload):
            return []
        before = await self._entered_if_possible(group, at) if group else []
        return [*before, await self._spoken(event.message_id, payload, group, at)]

    def _echo(self, message: str, payload: Any, group: str | None) -> EchoHeard:
        to = Address("group", group) if group else Address("direct", payload.to_id or "")
        kind = normalise.kind_and_text(payload.type, payload.text)[0]
        return EchoHeard(self._clock.now(), message, to, payload.text or "", kind)

    def _is_notice(self, payload: Any, group: str | None) -> bool:
        """WeChat's own words come from its own accounts, or under the account's name as a type of their own."""
        own_name = payload.from_id == self._account and payload.type == MessageType.MESSAGE_TYPE_UNSPECIFIED
        return own_name or notices.is_system(payload.from_id, group)

    async def _entered_if_possible(self, group: str, at: Instant) -> list[Heard]:
        """As `_entered`, but a member list that cannot be had does not stop the message; the next one tries again."""
        try:
            return await self._entered(group, at)
        except Exception as error:  # noqa: BLE001 - a gateway raises anything
            log.warning("取不到群 %s 的成员（%s）", group, type(error).__name__)
            return []

    async def _not_a_person(self, payload: Any) -> bool:
        """Direct notices (「你已添加了…」) come under the other's name, but as a type of their own."""
        if payload.type not in normalise.KINDS or notices.is_official(payload.from_id):
            return True
        contact = self._bot.Contact.load(payload.from_id)
        await self.directory.person(payload.from_id)
        return contact.is_ready() and contact.type() == ContactType.CONTACT_TYPE_OFFICIAL

    async def _spoken(self, message: str, payload: Any, group: str | None, at: Instant) -> MessageHeard:
        sender = await self.directory.person(payload.from_id)
        if group in self.directory.members:
            self.directory.members[group].add(sender.id)
        quote = notices.quote_of(payload.text)
        kind, text = ("text", quote.own) if quote else normalise.kind_and_text(payload.type, payload.text)
        ours = self._accounts() if group else (self._account,)
        others = normalise.others_mentioned(payload.mention_ids, ours)
        names = [name for account in sorted(ours) for name in await self.directory.my_names(group, account)]
        to_me = any(i in ours for i in payload.mention_ids) or (group is not None and normalise.names_me(text, names))
        return MessageHeard(
            id=message,
            at=at,
            sender=sender,
            group=group,
            text=normalise.without_mention(text, names, not others) if to_me else normalise.plain(text),
            kind=kind,
            mentions=others,
            mentions_me=to_me,
            reply_to=self._quoted_id(group, quote),
            group_name=await self.directory.topic(group) if group else "",
            position=normalise.position(kind, payload.text),
            whole=normalise.plain(text) if to_me else "",
        )

    def _quoted_id(self, group: str | None, quote: notices.Quote | None) -> str | None:
        if quote is None:
            return None
        return quote.quoted_id or self._recent.quoted(group, quote.quoted_text)

    def _notice(self, text: str, group: str | None, at: Instant) -> list[Heard]:
        if notices.is_throttle(text):
            return [ThrottleHeard(at, text)]
        channel = notices.channel_of(text)
        if group and channel:
            self._channels[group] = (at, channel)
        return []

    async def _withdrawn(self, message: str, payload: Any, group: str | None, at: Instant) -> list[Heard]:
        original = notices.recalled_id(payload.text)
        known = self._recent.get(original)
        sender = known.sender if known else payload.from_id
        if sender in ("", self._account):
            return []
        return [WithdrawHeard(message, at, await self.directory.person(sender), group, original)]

    async def _join(self, event: Any) -> list[Heard]:
        group, at = event.room_id, normalise.instant_of(event.timestamp, self._clock.now())
        joined = [i for i in event.invited_ids or () if i]
        if self._account in joined:
            self.directory.members.pop(group, None)
            self._found_at_login.discard(group)
            return await self._entered(group, at)
        heard = await self._entered(group, at, without=tuple(joined))
        people = await self.directory.people(joined or await self._newly_listed(group))
        if not people:
            return heard
        self.directory.members[group].update(person.id for person in people)
        inviter = await self._inviter(event.inviter_id, people)
        channel = self._channel(group, at)
        return [*heard, JoinHeard(at, group, people, inviter, channel, await self.directory.topic(group))]

    async def _newly_listed(self, group: str) -> list[str]:
        """Who stands in the member list and was not there before: some gateways name no joiner."""
        known = self.directory.members[group]
        return [i for i in await self.directory.member_ids(group) if i != self._account and i not in known]

    async def _inviter(self, inviter: str, people: tuple[Person, ...]) -> Person | None:
        if not inviter or any(person.id == inviter for person in people):
            return None
        return await self.directory.person(inviter)

    def _channel(self, group: str, at: Instant) -> str | None:
        told, channel = self._channels.pop(group, (0, None))
        return channel if abs(at - told) <= _NOTICE_LASTS else None

    async def _leave(self, event: Any) -> list[Heard]:
        group, left = event.room_id, [i for i in event.removed_ids or () if i]
        if self._account in left:
            self.directory.members.pop(group, None)
            log.warning("账号已不在群 %s 中", group)
            return [GroupLeft(self._clock.now(), group)]
        if not left:
            return []
        self.directory.members.get(group, set()).difference_update(left)
        at = normalise.instant_of(event.timestamp, self._clock.now())
        return [LeaveHeard(at, group, await self.directory.people(left))]

    async def _topic(self, event: Any) -> list[Heard]:
        self.directory.rename(event.room_id, event.new_topic)
        return []

    async def _invite(self, event: Any) -> list[Heard]:
        log.info("收到入群邀请，未自动接受")
        return []

    async def _friendship(self, event: Any) -> list[Heard]:
        payload = await self._bot.puppet.friendship_payload(event.friendship_id)
        if payload.type == FriendshipType.FRIENDSHIP_TYPE_RECEIVE:
            if not await self._befriend(self._account):
                log.info("收到好友申请，留给人处理")
                return []
            await self._bot.puppet.friendship_accept(event.friendship_id)
        elif payload.type != FriendshipType.FRIENDSHIP_TYPE_CONFIRM:
            return []
        return [FriendHeard(self._clock.now(), await self.directory.person(payload.contact_id))]
