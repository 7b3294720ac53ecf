"""#审核: verdicts with their checks, one vote an admin, two where there are two, at most twenty a week."""

from __future__ import annotations

import re

from bot.core.instants import DAY
from bot.services.reviewing import A_WEEK
from storage.review_rows import DecisionRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.room import Room

ADVERT = "招聘兼职，日结工资，手机就能做，加微信abc12345，第{}期"


def advertised(room: Room, member: str = "wang", number: int = 0) -> str:
    room.say(member, ADVERT.format(number))
    message = f"m{room._number}"
    row = next(row for row in room.database.read(lambda uow: uow.reviews.waiting(0, "", 1000)) if row.id == message)
    return str(row.seq)


def decision(room: Room, number: str) -> bool | None:
    def look(uow: UnitOfWork) -> DecisionRow | None:
        row = uow.reviews.flagged(int(number))
        return None if row is None else uow.reviews.decision(row.id)

    found = room.database.read(look)
    return None if found is None else found.correct


def test_two_admins_must_agree(any_room: Room) -> None:
    room = any_room
    for admin in ("a", "b", "c"):
        room.appoint(admin, "管理员")
    number = advertised(room)
    listed = room.direct("a", "#审核")
    assert re.search(rf"^{number}\. wang 广告：招聘兼职", listed, re.MULTILINE)
    assert "联系方式加推销" in listed
    room.say("wang", "高價回收手機，佳。V：1 3 8 0 0 1 3")
    assert "佳。V：1 3 * * * * *" in room.direct("a", "#审核"), "what was really written"
    assert "还要另一位" in room.direct("a", f"#审核 {number} 是")
    assert "已经审核过" in room.direct("a", f"#审核 {number} 是")
    assert number not in room.direct("a", "#审核")
    assert "还要另一位" in room.direct("b", f"#审核 {number} 否")
    assert decision(room, number) is None
    assert "审核完毕" in room.direct("c", f"#审核 {number} 否")
    assert decision(room, number) is False
    assert "已经审核完" in room.direct("a", f"#审核 {number} 是")
    told = room.audit()[1]
    assert (told.actor, told.action, told.subject) == ("c", "#审核", "wang")


def test_one_admin_alone_decides_up_to_twenty_a_week_and_never_of_himself(any_room: Room) -> None:
    room = any_room
    room.appoint("a", "管理员")
    numbers = [advertised(room, f"w{place}", place) for place in range(A_WEEK + 1)]
    for number in numbers[:A_WEEK]:
        assert "审核完毕" in room.direct("a", f"#审核 {number} 是")
    assert "每周最多" in room.direct("a", f"#审核 {numbers[-1]} 是")
    assert decision(room, numbers[-1]) is None
    room.wait(7 * DAY)
    assert "审核完毕" in room.direct("a", f"#审核 {numbers[-1]} 否")
    own = advertised(room, "a", 99)
    assert "自己的消息" in room.direct("a", f"#审核 {own} 否")


def test_an_admin_who_was_dismissed_counts_no_more(room: Room) -> None:
    for admin in ("a", "b", "c"):
        room.appoint(admin, "管理员")
    number = advertised(room)
    room.direct("a", f"#审核 {number} 否")
    room.database.write_sync(lambda uow: uow.roles.revoke("a", "管理员"))
    assert "还要另一位" in room.direct("b", f"#审核 {number} 否")


def test_bad_arguments_and_others_change_nothing(room: Room) -> None:
    room.appoint("a", "管理员")
    number = advertised(room)
    for args in ("1 也许", "否", "x 是", f"{number}"):
        assert "用法" in room.direct("a", f"#审核 {args}")
    room.say("li", "今天的书很好看")
    assert "没有待审核" in room.direct("a", "#审核 999999 是")
    room.direct("wang", f"#审核 {number} 否")
    assert decision(room, number) is None


def test_what_is_forgotten_is_no_sample(any_room: Room) -> None:
    room = any_room
    room.appoint("a", "管理员")
    message = f"m{room._number + 1}"
    room.direct("a", f"#审核 {advertised(room)} 否")
    assert room.database.read(lambda uow: uow.reviews.decision(message)) is not None
    room.direct("wang", "忘记我")
    room.direct("wang", "忘记我")
    assert room.database.read(lambda uow: (uow.reviews.decision(message), uow.reviews.votes(message))) == (None, [])
