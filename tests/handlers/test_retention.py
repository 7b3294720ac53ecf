"""What is older than its term goes, the rest stays."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import DAY
from handlers.jobs.retention import forget_old
from handlers.preparing import prepare
from handlers.turn import record
from tests.handlers.room import GROUP, Room

BROWSER = (
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_2 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 "
    "MicroMessenger/8.0.47 NetType/WIFI Language/zh_CN"
)


def take(room: Room, kind: str, **body: object) -> None:
    event = Event(kind, f"{kind}{room.clock.at}", room.clock.at, "wang", GROUP, dict(body))
    prepared = prepare(event, room.house.reader, room.house.traces)
    room.database.write_sync(lambda uow: record(uow, room.house, [prepared]))


def click(room: Room) -> None:
    take(room, "click", link="l", user_agent=BROWSER, dwell_s=60.0)


def bodies(room: Room) -> list[str]:
    return [
        row.body
        for row in room.database.read(lambda uow: list(uow.events.of_members(["wang"], None, room.clock.at)))
        if row.type == "device"
    ]


def test_addresses_go_after_a_week_and_the_departed_after_three_months(room: Room) -> None:
    room.join("wang", "li")
    take(room, "consent", purposes=["device"], granted=True)
    room.say("li", "这本书的前三章节奏很慢")
    click(room)
    room.leave("li")
    room.wait(6 * DAY)
    click(room)
    room.wait(2 * DAY)
    forget_old(room.house, room.clock.at)
    assert ["MicroMessenger" in body for body in bodies(room)] == [False, True]
    assert all("iPhone" in body for body in bodies(room)), "what was read from it stays"
    room.wait(80 * DAY)
    forget_old(room.house, room.clock.at)
    assert room.database.read(lambda uow: uow.members.get("li")) is not None
    room.wait(10 * DAY)
    forget_old(room.house, room.clock.at)
    assert room.database.read(lambda uow: uow.members.get("li")) is None
    assert room.database.read(lambda uow: uow.members.get("wang")) is not None
    room.join("li")
    assert room.database.read(lambda uow: uow.members.get("li")) is not None, "who left may come back"
