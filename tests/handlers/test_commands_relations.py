"""#人脉 and #邀请榜 in a direct chat; nothing of them in the group."""

from __future__ import annotations

from tests.handlers.room import Room


def test_relations_are_told_directly(room: Room) -> None:
    room.appoint("admin", "管理员")
    room.say("wang", "大家好", name="小王")
    assert "邀请榜" in room.direct("admin", "#邀请榜")
    assert "圈子之间的桥" in room.direct("admin", "#人脉")


def test_relations_are_not_told_in_the_group(room: Room) -> None:
    room.appoint("admin", "管理员")
    shown = room.say("admin", "#人脉")
    assert "圈子之间的桥" not in shown


def test_closing_personalisation_keeps_the_city_only(room: Room) -> None:
    room.direct("wang", "关闭个性化")
    ledger = room.database.read(lambda uow: uow.consents.ledger("wang"))
    assert {row.purpose for row in ledger if not row.granted} == {"marketing", "precise_location"}
