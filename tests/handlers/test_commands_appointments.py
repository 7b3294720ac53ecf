"""The first director claims the role; directors appoint and dismiss; others cannot."""

from __future__ import annotations

import pytest

from bot.core.instants import HOUR
from bot.services import roles
from tests.handlers.room import Room


@pytest.fixture
def code(any_room: Room) -> str:
    made = any_room.database.write_sync(lambda uow: roles.first_director(uow, (), any_room.clock.at))
    assert made is not None
    return made


def held(room: Room, member: str) -> list[str]:
    return room.database.read(lambda uow: roles.held(uow, member, room.clock.at))


def test_the_code_makes_a_director_once(any_room: Room, code: str) -> None:
    assert "不对" in any_room.direct("wang", "QB-AAAA-BBBB")
    assert "运营总监" in any_room.direct("wang", code)
    assert held(any_room, "wang") == ["运营总监"]
    assert any_room.direct("li", code) == ""
    assert held(any_room, "li") == []
    assert "#任命" in any_room.direct("wang", "#帮助")


def test_a_code_said_in_the_group_is_burnt(any_room: Room, code: str) -> None:
    assert any_room.say("wang", code) == ""
    assert held(any_room, "wang") == []
    assert any_room.direct("li", code) == ""
    assert held(any_room, "li") == []


def test_appointing_and_dismissing(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.say("li", "大家好", name="小李")
    assert "管理员" in room.direct("boss", "#任命 小李 管理员 3个月")
    assert held(room, "li") == ["管理员"]
    assert ("特殊身份/身份", "管理员") in room.tags("li")
    assert "撤销" in room.direct("boss", "#任命 小李 撤销 管理员")
    assert held(room, "li") == []
    assert ("特殊身份/身份", "管理员") not in room.tags("li")


@pytest.mark.parametrize(
    "words", ["小李 管理员 2", "小李 管理员 12个月", "小李 观察员 3", "小李 撤销 管理员", "管理员"]
)
def test_terms_and_offices_that_are_not(room: Room, words: str) -> None:
    room.appoint("boss", "运营总监")
    room.say("li", "大家好", name="小李")
    assert "用法" in room.direct("boss", f"#任命 {words}")
    assert held(room, "li") == []


def test_a_backup_has_an_admins_rights_only_while_he_stands_in(room: Room) -> None:
    room.appoint("boss", "运营总监")
    for member, name in (("li", "小李"), ("wang", "小王")):
        room.say(member, "大家好", name=name)
        room.befriend(member)
    assert "用法" in room.direct("boss", "#任命 小李 管理员 3个月 备用 小李")
    assert "管理员" in room.direct("boss", "#任命 小李 管理员 3个月 备用 小王")
    assert "需要" in (room.direct("wang", "#看板") or "需要")
    assert held(room, "wang") == []
    room.wait(72 * HOUR)
    assert "今天" in room.direct("wang", "#看板")
    assert sorted((row.kind, row.to_kind, row.to_id) for row in room.said if row.kind == "backup_begun") == [
        ("backup_begun", "direct", "li"),
        ("backup_begun", "direct", "wang"),
    ]
    room.say("li", "我回来了")
    assert sorted(row.to_id for row in room.said if row.kind == "backup_over") == ["li", "wang"]
    assert held(room, "wang") == []
    assert "今天" not in room.direct("wang", "#看板")


def test_a_tag_by_hand_makes_no_backup(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.say("wang", "大家好", name="小王")
    room.direct("boss", "#打标 小王 特殊身份/身份=备用管理员")
    assert held(room, "wang") == []


def test_the_last_director_stays(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.say("boss", "大家好")
    assert "最后一位" in room.direct("boss", "#任命 boss 撤销 运营总监")
    assert held(room, "boss") == ["运营总监"]


def test_an_admin_appoints_nobody(room: Room) -> None:
    room.appoint("admin", "管理员")
    room.say("li", "大家好", name="小李")
    room.direct("admin", "#任命 小李 管理员")
    room.direct("admin", "#任命 admin 运营总监")
    assert (held(room, "li"), held(room, "admin")) == ([], ["管理员"])
    assert [(row.action, row.allowed) for row in room.audit()[:2]] == [("#任命", False)] * 2
