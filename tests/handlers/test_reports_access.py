"""`report access`: every look at another's tags is counted, on both databases."""

from __future__ import annotations

from typing import Any

from bot.core.instants import DAY
from bot.services.reports import access
from tests.handlers.room import Room


def reported(room: Room) -> dict[str, Any]:
    return room.database.read(lambda uow: access.report(uow, room.clock.at, room.house.zone))


def test_readings_are_counted_by_reader_and_by_who_was_read(any_room: Room) -> None:
    room = any_room
    room.appoint("admin", "管理员")
    room.say("wang", "大家好", name="小王")
    room.direct("admin", "#成员 小王")
    room.direct("admin", "#为什么 小王 生命周期/阶段")
    room.direct("admin", "#看板")
    room.direct("admin", "#成员 admin")
    room.direct("wang", "#成员 admin")
    found = reported(room)
    assert (found["reads"], found["refused"]) == (2, 1)
    assert [(one["actor"], one["reads"], one["refused"]) for one in found["actors"]] == [
        ("admin", 2, 0),
        ("wang", 0, 1),
    ]
    assert [(one["subject"], one["name"], one["reads"]) for one in found["subjects"]] == [("wang", "小王", 2)]
    assert [one["action"] for one in found["latest"]] == ["#成员", "#为什么", "#成员"]
    room.wait(91 * DAY)
    assert reported(room)["latest"] == []
