"""A bind while the bot runs: the orders of the account are its owner's at once, and nothing stays of the account."""

from __future__ import annotations

from typing import Any

import orjson

from bot.core.events import Event
from bot.core.facts import Facts
from bot.core.instants import DAY
from bot.services.intake import Prepared
from handlers.turn import record
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.handlers.room import GROUP, Room


def fact(room: Room, type_: str, member: str, **body: Any) -> None:
    event = Event(type_, f"{type_}:{member}:{room.clock.at}", room.clock.at, member, GROUP, body)
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def orders(room: Room, member: str) -> int:
    """How many unrefunded orders the member's roll-up counts."""
    row = room.database.read(lambda uow: uow.rollups.get([member])[member])
    return len(Facts.from_record(orjson.loads(row.facts)).paid)


def left(uow: UnitOfWork, member: str) -> list[object]:
    """What is kept of a member beside his log."""
    found = (
        uow.members.get(member),
        uow.rollups.get([member]).get(member),
        *uow.tags.of_members([member]).get(member, ()),
        *uow.groups.of_member(member),
        *(row for row in uow.outbox.page() if row.member == member),
    )
    return [one for one in found if one is not None]


def test_the_orders_go_over_at_once(database: Database) -> None:
    room = Room(database)
    room.join("ann")
    fact(room, "order", "u-1", order="1", amount_yuan=900)
    assert (orders(room, "u-1"), orders(room, "ann")) == (1, 0)
    room.clock.at += DAY
    fact(room, "bind", "ann", system="shop", external_id="u-1")
    assert orders(room, "ann") == 1
    assert room.database.read(lambda uow: left(uow, "u-1")) == []
    room.clock.at += DAY
    fact(room, "order", "shop:u-1", order="2", amount_yuan=60)
    assert room.database.read(lambda uow: left(uow, "u-1") + left(uow, "shop:u-1")) == []
    assert orders(room, "ann") == 2
    fact(room, "order", "ben", order="3", amount_yuan=60)
    room.clock.at += DAY
    fact(room, "bind", "ben", system="shop", external_id="u-1")
    assert (orders(room, "ben"), orders(room, "ann")) == (3, 0)
