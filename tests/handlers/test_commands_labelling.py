"""#标注: what an admin says a message or a link is about wins over what was read."""

from __future__ import annotations

import pytest

from bot.core.events import Event
from bot.core.instants import DAY
from bot.ports import MessageHeard, Person, WithdrawHeard
from bot.services import rebuilding
from bot.services.intake import Prepared
from handlers import turn
from tests.handlers.room import GROUP, Room

LINK = "https://example.com/a"
TASTE = "内容偏好/题材"


def clicked(room: Room, member: str, number: int, link: str = LINK) -> None:
    event = Event("click", f"c{member}{number}", room.clock.at, member, GROUP, {"link": link, "topic": "财经"})
    room.database.write_sync(lambda uow: turn.record(uow, room.house, [Prepared(event)]))


def tastes(room: Room, member: str) -> list[str]:
    return [value for path, value in room.tags(member) if path == TASTE]


def talked(room: Room, member: str, count: int = 10) -> list[str]:
    """Ids of harmless messages, each on a day of its own."""
    ids = []
    for number in range(count):
        room.say(member, f"第{number}章讲到这个人物的时候我想了很久也没有想明白")
        ids.append(f"m{room._number}")
        room.wait(DAY)
    return ids


def test_a_label_wins_for_messages_already_counted(any_room: Room) -> None:
    room = any_room
    room.appoint("admin", "管理员")
    ids = talked(room, "wang")
    assert tastes(room, "wang") != ["军事控"]
    for one in ids:
        assert "军事" in room.direct("admin", f"#标注 {one} 军事")
    room.wait(DAY)
    assert tastes(room, "wang") == ["军事控"]
    for one in ids:
        room.direct("admin", f"#标注 {one} 房产")
    room.wait(DAY)
    assert tastes(room, "wang") == ["房产控"], "the later word stands"
    world = room.house.world
    again = room.database.write_sync(
        lambda uow: rebuilding.rebuild(uow, ["wang"], world(uow, room.clock.at), room.clock.at)
    )
    assert again == [], "the log alone says the same"
    told = next(row for row in room.audit() if row.action == "#标注")
    assert (told.actor, told.subject) == ("admin", "wang")


def test_the_label_of_a_link_holds_for_clicks_before_and_after(any_room: Room) -> None:
    room = any_room
    room.appoint("admin", "管理员")
    for number in range(6):
        clicked(room, "wang", number)
        room.wait(1)
    assert "体育" in room.direct("admin", f"#标注 {LINK} 体育")
    for number in range(6, 12):
        clicked(room, "wang", number)
        room.wait(1)
    clicked(room, "wang", 12, link="https://example.com/other")
    room.wait(DAY)
    assert tastes(room, "wang") == ["体育控"]


def test_a_labelled_message_that_is_taken_back_counts_no_more(any_room: Room) -> None:
    room = any_room
    room.appoint("admin", "管理员")
    ids = talked(room, "wang")
    for one in ids:
        room.direct("admin", f"#标注 {one} 军事")
    room.wait(DAY)
    assert tastes(room, "wang") == ["军事控"]
    for one in ids:
        room.hear(WithdrawHeard(f"w{one}", room.clock.at, Person("wang"), GROUP, one))
    room.wait(DAY)
    assert tastes(room, "wang") == []


def test_a_quoted_message_is_labelled_by_the_topic_alone(room: Room) -> None:
    room.appoint("admin", "管理员")
    room.say("wang", "第三章讲到这个人物的时候我想了很久")
    quoted = f"m{room._number}"
    room.hear(MessageHeard("q1", room.clock.at, Person("admin"), GROUP, "#标注 文化", reply_to=quoted))
    assert "文化" in room.answer("group")
    found = room.database.read(lambda uow: uow.labels.topics())
    assert found == ({quoted: "文化"}, {})


@pytest.mark.parametrize("args", ["", " 军事", " nothing 军事", " https://example.com/a", " m1 不知道", " m1 m2 军事"])
def test_bad_arguments_change_nothing(room: Room, args: str) -> None:
    room.appoint("admin", "管理员")
    room.say("wang", "第三章讲到这个人物的时候我想了很久")
    answer = room.direct("admin", f"#标注{args}")
    assert "用法" in answer or "没有这条消息" in answer
    assert room.database.read(lambda uow: uow.labels.topics()) == ({}, {})


def test_who_may_not_label_changes_nothing(room: Room) -> None:
    room.say("wang", "第三章讲到这个人物的时候我想了很久")
    room.direct("wang", f"#标注 m{room._number} 军事")
    assert room.database.read(lambda uow: uow.labels.topics()) == ({}, {})
