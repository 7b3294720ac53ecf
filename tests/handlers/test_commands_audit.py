"""#审计 in a director's direct chat; #打标 refuses what no tag may be about."""

from __future__ import annotations

from tests.handlers.room import Room


def test_the_audit_is_a_directors_alone(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.appoint("admin", "管理员")
    room.say("wang", "大家好", name="小王")
    assert "发现的问题" in room.direct("boss", "#审计")
    assert "发现的问题" not in room.direct("admin", "#审计")
    assert "发现的问题" not in room.say("boss", "#审计")


def test_no_pin_touches_protected_matters(room: Room) -> None:
    room.appoint("admin", "管理员")
    room.say("wang", "大家好", name="小王")
    assert "医疗健康" in room.direct("admin", "#打标 小王 地域分布/商圈=癌症康复中心")
    assert ("地域分布/商圈", "癌症康复中心") not in room.tags("wang")
