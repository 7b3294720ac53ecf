"""A tag that nobody used for 90 days is kept and not shown; who asks for it by name has it back."""

from __future__ import annotations

from bot.core.instants import DAY
from bot.services.reports import retired
from tests.handlers.room import Room

CHANNEL, AREA = "社交关系/入群渠道", "生命周期/阶段"


def gone(room: Room) -> list[str]:
    house, at = room.house, room.clock.at
    found = room.database.read(lambda uow: retired.report(uow, house.rules(uow), at, house.zone))
    return [one["path"] for one in found["retired"]]


def test_unused_tags_retire_after_ninety_days_and_come_back(any_room: Room) -> None:
    room = any_room
    room.appoint("admin", "管理员")
    room.join("wang")
    room.direct("admin", f"#标签 {CHANNEL}")
    room.wait(89 * DAY)
    assert gone(room) == []
    assert CHANNEL in room.direct("admin", "#成员 wang")
    room.wait(2 * DAY)
    assert CHANNEL in gone(room)
    assert AREA not in gone(room), "the program itself works by it"
    portrait = room.direct("admin", "#成员 wang")
    assert AREA in portrait
    assert CHANNEL not in portrait
    assert CHANNEL not in room.direct("admin", "#标签")
    assert any(path == CHANNEL for path, _ in room.tags("wang")), "it is kept"
    room.direct("admin", f"#标签 {CHANNEL}")
    assert CHANNEL not in gone(room)
    assert CHANNEL in room.direct("admin", "#成员 wang")
