"""Sensitive personal information: tagged only for a recorded purpose and under the member's separate consent."""

from __future__ import annotations

import pytest

from bot.core.events import Event, EventRefused
from bot.core.instants import SECOND
from bot.services.intake import Prepared
from handlers.files.outside import Outside
from handlers.turn import record
from tests.handlers.room import GROUP, Room

PIN = "#打标 小王 地域分布/商圈=癌症康复中心"
TAG = ("地域分布/商圈", "癌症康复中心")
PURPOSE = "#审计 目的 医疗健康 病友互助活动的无障碍安排"


def peopled(room: Room) -> Room:
    room.appoint("boss", "运营总监")
    room.appoint("admin", "管理员")
    room.say("wang", "大家好", name="小王")
    agree(room, "precise_location")
    return room


def agree(room: Room, *purposes: str, granted: bool = True) -> None:
    room.wait(SECOND)
    body = {"purposes": list(purposes), "granted": granted}
    event = Event("consent", f"consent-{room.clock.at}", room.clock.at, "wang", GROUP, body)
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def test_a_purpose_and_a_consent_open_a_category(any_room: Room) -> None:
    room = peopled(any_room)
    assert "医疗健康" in room.direct("admin", PIN), "neither"
    agree(room, "sensitive")
    assert "医疗健康" in room.direct("admin", PIN), "no purpose"
    assert "已记录「医疗健康」" in room.direct("boss", PURPOSE)
    assert "已给 小王" in room.direct("admin", PIN)
    assert TAG in room.tags("wang")
    assert "· 医疗健康：病友互助活动的无障碍安排" in room.direct("boss", "#审计")
    agree(room, "sensitive", granted=False)
    assert TAG not in room.tags("wang"), "withdrawn"
    agree(room, "sensitive")
    assert TAG not in room.tags("wang"), "a later consent revives nothing"
    kept = room.database.read(lambda uow: [row.body for row in uow.events.of_members(["wang"], None, room.clock.at)])
    assert not any(TAG[1] in body for body in kept), "nor is it kept"
    assert "已撤销" in room.direct("boss", "#审计 目的 医疗健康 撤销")
    assert "医疗健康" in room.direct("admin", PIN)


def test_a_purpose_without_consent_opens_nothing(room: Room) -> None:
    room = peopled(room)
    room.direct("boss", PURPOSE)
    assert "本人单独同意" in room.direct("admin", PIN)
    assert TAG not in room.tags("wang")


def test_a_purpose_is_for_its_category_alone_and_a_directors_to_record(room: Room) -> None:
    room = peopled(room)
    agree(room, "sensitive")
    assert "需要运营总监权限" in room.direct("admin", PURPOSE)
    room.direct("boss", "#审计 目的 宗教信仰 素斋活动")
    assert "医疗健康" in room.direct("admin", PIN)
    assert "类别应是" in room.direct("boss", "#审计 目的 不满十四周岁 亲子活动")
    assert "类别应是" in room.direct("boss", "#审计 目的 星座 配对")
    assert "用法" in room.direct("boss", "#审计 目的 医疗健康")


def bring_in(room: Room) -> None:
    """The tag comes in from a CRM."""
    room.wait(SECOND)
    told = {"path": TAG[0], "value": TAG[1], "system": "crm", "at": room.clock.at / SECOND}
    event = Outside(room.house).event({"type": "tag", "id": f"crm-{room.clock.at}", "member": "wang", **told})
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def test_what_comes_in_from_outside_is_held_to_the_same(any_room: Room) -> None:
    room = peopled(any_room)
    agree(room, "sensitive")
    with pytest.raises(EventRefused, match="医疗健康"):
        bring_in(room)
    room.direct("boss", PURPOSE)
    bring_in(room)
    assert TAG in room.tags("wang")
    agree(room, "sensitive", granted=False)
    assert TAG not in room.tags("wang")
    agree(room, "sensitive")
    assert TAG not in room.tags("wang"), "erased with its consent"
    kept = room.database.read(lambda uow: [row.body for row in uow.events.of_members(["wang"], None, room.clock.at)])
    assert not any(TAG[1] in body for body in kept)


def test_a_purpose_alone_lets_nothing_in(room: Room) -> None:
    room = peopled(room)
    room.direct("boss", PURPOSE)
    bring_in(room)
    assert TAG not in room.tags("wang")
