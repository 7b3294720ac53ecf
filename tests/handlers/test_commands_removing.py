"""#移出: two admins, or ten minutes; only who is restricted; what the platform refuses is said and ends nothing."""

from __future__ import annotations

import pytest

from bot.core.instants import HOUR, MINUTE
from bot.services import delivery
from handlers.jobs import Schedule
from handlers.jobs.removals import JOB
from handlers.outbox import Pump
from tests.fakes import FakeChat
from tests.handlers.room import GROUP, Room

DISPUTED = ("特殊身份/身份", "争议用户")


def flood(room: Room, member: str, start: int) -> None:
    for number in range(start, start + 22):
        room.say(member, f"刷屏第{number}条，大家快来看看吧", name="小李")


async def restricted(room: Room, owner: bool = True) -> FakeChat:
    """An account in a room in which 小李 was warned, the warning delivered, and hit again."""
    chat = FakeChat(owner=owner)
    room.house.chat = chat
    room.say("li", "大家好", name="小李")
    room.befriend("li")
    flood(room, "li", 0)
    await Pump(room.house).drain(room.clock.at)
    room.wait(HOUR)
    flood(room, "li", 100)
    return chat


async def pass_time(room: Room, span: int) -> None:
    schedule = Schedule(room.house, (JOB,))
    room.wait(span)
    await schedule.run_due(room.clock.at)


async def test_two_admins_remove_at_once(any_room: Room) -> None:
    room = any_room
    for admin in ("first", "second"):
        room.appoint(admin, "管理员")
    chat = await restricted(room)
    assert "另一位" in room.direct("first", "#移出 小李")
    asked = [row for row in room.said if row.kind == "removal_asked"]
    assert [(row.to_kind, row.to_id) for row in asked] == [("direct", "second")]
    number = asked[0].text.partition("#确认 移出")[2].partition("」")[0]
    assert "没有" in room.direct("first", f"#确认 移出{number}"), "one person is not two"
    assert f"移出{number}" not in room.direct("first", "#确认")
    assert f"移出{number}. 另一位管理员提议移出 小李" in room.direct("second", "#确认")
    await pass_time(room, 2 * MINUTE)
    assert chat.removed == []
    assert "同意" in room.direct("second", f"#确认 移出{number}")
    await pass_time(room, MINUTE)
    assert chat.removed == [(GROUP, "li")]
    assert DISPUTED not in room.tags("li")
    assert [(row.action, row.subject) for row in room.audit()[:1]] == [("移出", "li")]
    await pass_time(room, HOUR)
    assert len(chat.removed) == 1


async def test_an_only_admin_has_ten_minutes_to_undo(room: Room) -> None:
    room.appoint("only", "管理员")
    chat = await restricted(room)
    assert "10 分钟" in room.direct("only", "#移出 小李")
    await pass_time(room, 9 * MINUTE)
    assert chat.removed == []
    assert "已取消" in room.direct("only", "#移出 小李 取消")
    await pass_time(room, HOUR)
    assert chat.removed == []
    room.direct("only", "#移出 小李")
    await pass_time(room, 11 * MINUTE)
    assert chat.removed == [(GROUP, "li")]


async def test_who_is_cleared_meanwhile_stays(room: Room) -> None:
    room.appoint("only", "管理员")
    chat = await restricted(room)
    room.direct("only", "#移出 小李")
    room.direct("only", "#解除 小李")
    await pass_time(room, HOUR)
    assert chat.removed == []


async def test_what_the_platform_refuses_is_told_and_ends_nothing(room: Room) -> None:
    room.appoint("only", "管理员")
    await restricted(room, owner=False)
    room.direct("only", "#移出 小李")
    await pass_time(room, 11 * MINUTE)
    told = [row for row in room.rows() if row.kind == "removal"]
    assert [(row.to_kind, row.to_id) for row in told] == [("direct", "only")]
    assert "群主" in told[0].text
    assert DISPUTED in room.tags("li")


@pytest.mark.parametrize("joined", [True, False])
async def test_a_warning_alone_removes_nobody(room: Room, joined: bool) -> None:
    room.appoint("only", "管理员")
    chat = FakeChat(owner=True)
    room.house.chat = chat
    if joined:
        room.join("li")
    flood(room, "li", 0)
    assert DISPUTED in room.tags("li")
    assert "警告" in room.direct("only", "#移出 小李")
    await pass_time(room, HOUR)
    assert chat.removed == []


async def test_nothing_is_done_while_the_account_only_observes(room: Room) -> None:
    room.appoint("only", "管理员")
    chat = await restricted(room)
    room.direct("only", "#移出 小李")
    room.database.write_sync(lambda uow: uow.deployment.put(delivery.MODE, "observe"))
    await pass_time(room, HOUR)
    assert chat.removed == []


async def test_in_the_group_nothing_is_said_about_a_person(room: Room) -> None:
    room.appoint("only", "管理员")
    await restricted(room)
    assert "小李" not in room.say("only", "#移出 小李")
    assert "小李" not in room.say("only", "#移出 小李")


def test_bad_arguments_get_the_usage(room: Room) -> None:
    room.appoint("only", "管理员")
    assert "用法" in room.direct("only", "#移出")
    assert "用法" in room.direct("only", "#移出 没这人")
    assert "用法" in room.direct("only", "#确认 移出99")
