"""Who and where: names of people and groups, asked of the gateway once and kept for a while."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import Collection
from typing import Any

from bot.core.instants import HOUR, Instant
from bot.ports import Clock, Person
from bot.wechat.bot import Bot

log = logging.getLogger(__name__)

_NAME_LASTS = 6 * HOUR
_HASH_LENGTH = 24
_AT_ONCE = 16
"""Contacts asked for at the same time: a group of 500 must not be 500 parallel calls."""


class Directory:
    """One connection's knowledge. A name that cannot be learned is empty; that never stops a message."""

    def __init__(self, bot: Bot, clock: Clock) -> None:
        self._bot = bot
        self._clock = clock
        self._people: dict[str, tuple[Instant, Person]] = {}
        self._topics: dict[str, str] = {}
        self._my_names: dict[tuple[str | None, str], tuple[str, ...]] = {}
        self.members: dict[str, set[str]] = {}
        """Ids known to be in each group that the account has entered in this connection."""

    async def person(self, contact: str) -> Person:
        """The person with this id, with the name they have now (at most 6 hours old)."""
        now = self._clock.now()
        until, person = self._people.get(contact, (0, None))
        if person is None or now >= until:
            person = await self._ask(contact)
            self._people[contact] = (now + _NAME_LASTS, person)
        return person

    async def people(self, contacts: list[str]) -> tuple[Person, ...]:
        """The persons with these ids, in their order."""
        turn = asyncio.Semaphore(_AT_ONCE)

        async def ask(contact: str) -> Person:
            async with turn:
                return await self.person(contact)

        return tuple(await asyncio.gather(*map(ask, contacts)))

    async def _ask(self, contact: str) -> Person:
        try:
            payload = await self.contact(contact)
        except Exception as error:  # noqa: BLE001 - a gateway raises anything; the id alone will do
            log.warning("查不到联系人 %s 的名字（%s）", contact, type(error).__name__)
            return Person(contact)
        return Person(
            contact, payload.name or "", payload.alias or "", _hashed(payload.avatar or ""), bool(payload.friend)
        )

    async def contact(self, contact: str) -> Any:
        """The contact's payload as it is now. Raises what the gateway raises."""
        known = self._bot.Contact.load(contact)
        await known.ready(force_sync=True)
        return known.payload

    async def member_ids(self, group: str) -> list[str]:
        """Who is in the group now, the account included. Raises what the gateway raises."""
        return list(await self._bot.puppet.room_members(group))

    async def group_ids(self) -> list[str]:
        """The groups the account is in. Raises what the gateway raises."""
        return list(await self._bot.puppet.room_search())

    async def topic(self, group: str) -> str:
        """The group's name, "" when it cannot be learned."""
        if group not in self._topics:
            self._topics[group] = await self._ask_topic(group)
        return self._topics[group]

    async def fresh_topic(self, group: str) -> str:
        """The group's name asked anew; what was known when it cannot be learned."""
        await self._forget_payload(group)
        self._topics[group] = await self._ask_topic(group) or self._topics.get(group, "")
        return self._topics[group]

    async def _forget_payload(self, group: str) -> None:
        """wechaty itself never refreshes a room, and gateways keep copies too."""
        self._bot.Room.load(group)._payload = None
        try:
            await self._bot.puppet.room_payload_dirty(group)
        except Exception as error:  # noqa: BLE001 - where there is no copy there is nothing to forget
            log.debug("网关没有可丢弃的群资料（%s）", type(error).__name__)

    async def _ask_topic(self, group: str) -> str:
        try:
            room = self._bot.Room.load(group)
            await room.ready()
        except Exception as error:  # noqa: BLE001 - as above
            log.warning("查不到群 %s 的名称（%s）", group, type(error).__name__)
            return ""
        return room.payload.topic or ""

    def rename(self, group: str, topic: str) -> None:
        """The group is called `topic` now; wechaty itself never refreshes a room."""
        self._topics[group] = topic

    async def my_names(self, group: str | None, account: str) -> tuple[str, ...]:
        """The names by which an account of ours can be mentioned in `group`: its nickname, and its alias there."""
        key = (group, account)
        if key not in self._my_names:
            name = (await self.person(account)).name
            alias = await self._nickname(group, account) if group else ""
            self._my_names[key] = tuple(dict.fromkeys(n for n in (alias, name) if n))
        return self._my_names[key]

    async def nicknames(self, group: str, people: Collection[str]) -> dict[str, str]:
        """What these call themselves in the group, by id; without those who have no name of their own there."""
        turn = asyncio.Semaphore(_AT_ONCE)

        async def ask(contact: str) -> str:
            async with turn:
                return await self._nickname(group, contact)

        names = await asyncio.gather(*map(ask, people))
        return {contact: name for contact, name in zip(people, names, strict=True) if name}

    async def _nickname(self, group: str, contact: str) -> str:
        try:
            payload = await self._bot.puppet.room_member_payload(group, contact)
        except Exception as error:  # noqa: BLE001 - many puppets have no such names
            log.debug("查不到 %s 在群 %s 的昵称（%s）", contact, group, type(error).__name__)
            return ""
        return payload.room_alias or ""


def _hashed(address: str) -> str:
    """A picture is never fetched: the same address tells of the same picture, another one tells nothing."""
    return hashlib.sha256(address.encode()).hexdigest()[:_HASH_LENGTH] if address else ""
