"""What is older than its term goes, the rest stays."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import DAY
from bot.services.intake import Prepared
from handlers.jobs.retention import forget_old
from handlers.turn import record
from tests.handlers.room import GROUP, Room


def click(room: Room) -> None:
    body = {"link": "l", "ip": "203.0.113.7", "user_agent": "MicroMessenger/8.0 NetType/WIFI", "dwell_s": 60.0}
    event = Event("click", f"c{room.clock.at}", room.clock.at, "wang", GROUP, body)
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def bodies(room: Room) -> list[str]:
    return [
        row.body
        for row in room.database.read(lambda uow: list(uow.events.of_members(["wang"], None, room.clock.at)))
        if row.type == "click"
    ]


def test_addresses_go_after_a_week_and_the_departed_after_three_months(room: Room) -> None:
    room.join("wang", "li")
    room.say("li", "这本书的前三章节奏很慢")
    click(room)
    room.leave("li")
    room.wait(6 * DAY)
    click(room)
    room.wait(2 * DAY)
    forget_old(room.house, room.clock.at)
    assert ["203.0.113.7" in body for body in bodies(room)] == [False, True]
    assert all("dwell_s" in body for body in bodies(room))
    room.wait(80 * DAY)
    forget_old(room.house, room.clock.at)
    assert room.database.read(lambda uow: uow.members.get("li")) is not None
    room.wait(10 * DAY)
    forget_old(room.house, room.clock.at)
    assert room.database.read(lambda uow: uow.members.get("li")) is None
    assert room.database.read(lambda uow: uow.members.get("wang")) is not None
    room.join("li")
    assert room.database.read(lambda uow: uow.members.get("li")) is not None, "who left may come back"
