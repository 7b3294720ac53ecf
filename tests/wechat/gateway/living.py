"""The whole bot on the gateway of `serve.mjs`: it moves when it is told to, on a clock that stands."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bot.core.attachments import Attachments
from bot.core.campaigns import Campaigns
from bot.core.instants import SECOND, Span
from bot.ports import Address
from bot.runtime import Runtime
from bot.wechat.adapter import WechatyChat
from bot.wechat.gateway import gateway_factory
from storage.database import Database
from storage.rows import OutboxRow, RoleRow
from tests.fakes import FakeClock
from tests.handlers.room import NOON, house_on
from tests.wechat.gateway.node import NodeGateway
from tests.wechat.gateway.test_node import ROOM, short_pause, until

DIRECTOR = "店长"
HERE = Address("group", ROOM)


@dataclass
class Living:
    """People speak through the gateway, each word takes a second; time passes where it is let."""

    gateway: NodeGateway
    runtime: Runtime
    clock: FakeClock
    database: Database
    _number: int = 0

    async def say(self, person: str, text: str, to: Address = HERE, **more: Any) -> None:
        """Somebody speaks, and everything that comes of it is done."""
        self.clock.at += SECOND
        self._number += 1
        id_ = f"said-{self._number}"
        where = {"room": to.id} if to.kind == "group" else {"to": to.id}
        said = {"id": id_, "from": person, "text": text, "at": self.clock.at // SECOND, **where, **more}
        await self.gateway.ask("message", **said)
        await until(lambda: self.database.read(lambda uow: uow.events.known([id_])))
        await self.runtime.settle()

    async def direct(self, person: str, text: str) -> str:
        """Write to the account; returns what it answers."""
        before = len(self.rows())
        await self.say(person, text, Address("direct", "bot"))
        await self.runtime.finish_sending(60 * SECOND)
        return "\n".join(row.text for row in self.rows()[before:] if row.to_id == person)

    async def login(self) -> None:
        """Out and in again: everybody is looked at anew."""
        await self.gateway.ask("logout")
        await until(lambda: self.runtime.chat.account is None)
        self.clock.at += SECOND
        await self.gateway.settle("login", id="bot")
        await self.entered()

    async def entered(self) -> None:
        """Wait until the account has logged in and looked at its groups."""
        await until(lambda: self.runtime.chat.account == "bot" and self.runtime.chat.waiting == 0)
        await self.runtime.chat.idle()  # type: ignore[attr-defined]
        await self.runtime.settle()

    async def advance(self, span: Span) -> None:
        await self.runtime.advance(self.clock.at + span)

    def rows(self, kind: str | None = None) -> list[OutboxRow]:
        rows = self.database.read(lambda uow: uow.outbox.page(limit=1000))
        return [row for row in rows if kind in (None, row.kind)]


@asynccontextmanager
async def living(gateway: NodeGateway, url: str, attachments: Attachments | None = None) -> AsyncIterator[Living]:
    """A bot that is logged in and may speak, with a director who is its friend."""
    await gateway.settle("contact", id=DIRECTOR, name=DIRECTOR, friend=True)
    await gateway.settle("login", id="bot")
    clock, database = FakeClock(NOON), Database(url)
    house = house_on(database, clock)  # type: ignore[arg-type]
    house.campaigns = Campaigns(attachments=attachments or Attachments())
    house.chat = WechatyChat(gateway_factory(gateway.token, gateway.endpoint), clock, sleep=short_pause, forgetful=True)
    database.write_sync(lambda uow: uow.roles.grant(RoleRow(DIRECTOR, "运营总监", 0)))
    one = Living(gateway, Runtime(house, driven=True), clock, database)
    await one.runtime.start()
    try:
        await one.entered()
        yield one
    finally:
        await one.runtime.stop()
        database.close()
