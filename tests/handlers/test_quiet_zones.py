"""Quiet hours are those of the member's own zone where he told it, else the group's (RULEBOOK §9)."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.events import Event
from bot.core.instants import Instant, iso, parse_instant
from bot.core.journal import Plan
from bot.services import delivery, outreach
from bot.services.delivery import Terms
from bot.services.intake import Prepared
from handlers.sweeping import speaking
from handlers.turn import record
from tests.handlers.room import GROUP, Room

NOON_THERE_IS_NIGHT = parse_instant("2026-03-02T13:00:00+08:00")
EVENING = parse_instant("2026-03-02T23:00:00+08:00")


def fact(room: Room, type_: str, **body: Any) -> None:
    event = Event(type_, f"{type_}:{len(room.rows())}:{body}", room.clock.at, "w", GROUP, body)
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def friend_in(room: Room, region: str | None) -> None:
    room.join("w")
    room.befriend("w")
    fact(room, "consent", purposes=["marketing", "profile"], granted=True)
    if region is not None:
        fact(room, "answer", question="region", value=region)


def push(room: Room, at: Instant) -> str | None:
    """When a push that is planned at `at` may go, in the group's hours."""
    room.clock.at = at
    plan = Plan(at, "campaign", "w", "campaign:1:w", None, {"text": "周六见"})
    room.database.write_sync(
        lambda uow: outreach.plan(uow, [plan], speaking(uow, room.house, room.house.world(uow, at), at, at))
    )
    (row,) = [row for row in room.rows() if row.kind == "campaign"]
    return iso(row.not_before, room.house.zone)


def goes(room: Room, at: Instant) -> bool:
    terms = Terms(room.database.read(room.house.rules).outreach, room.house.zone, room.house.messages.text, "bot")
    claimed = room.database.write_sync(lambda uow: delivery.next_claim(uow, at, terms))
    return claimed is not None and claimed.kind == "campaign"


@pytest.mark.parametrize(
    ("region", "at", "opens"),
    [
        ("海外-美国", NOON_THERE_IS_NIGHT, "2026-03-02T21:00:00+08:00"),
        ("海外-美国", EVENING, "2026-03-02T23:00:00+08:00"),
        ("一线城市-北京", EVENING, "2026-03-03T08:00:00+08:00"),
        (None, EVENING, "2026-03-03T08:00:00+08:00"),
    ],
)
def test_a_push_waits_for_the_members_own_morning(any_room: Room, region: str | None, at: Instant, opens: str) -> None:
    friend_in(any_room, region)
    any_room.deliver()
    assert push(any_room, at) == opens
    assert goes(any_room, parse_instant(opens))


def test_whose_zone_is_learnt_later_is_not_woken(room: Room) -> None:
    """It is looked at again when the message is due."""
    friend_in(room, None)
    room.deliver()
    assert push(room, NOON_THERE_IS_NIGHT) == "2026-03-02T13:00:00+08:00"
    fact(room, "answer", question="region", value="海外-美国")
    assert not goes(room, NOON_THERE_IS_NIGHT)
    assert goes(room, parse_instant("2026-03-02T21:00:00+08:00"))


def test_without_a_consent_the_groups_night_holds(room: Room) -> None:
    friend_in(room, "海外-美国")
    room.deliver()
    fact(room, "consent", purposes=["profile"], granted=False)
    assert push(room, EVENING) == "2026-03-03T08:00:00+08:00"
