"""What stands around a message, live: admins see why, late messages are judged again, changed rules hold at once."""

from __future__ import annotations

from bot.core.instants import MINUTE, SECOND
from bot.ports import MessageHeard, Person
from bot.services import rulesets
from bot.services.rulesets import Draft
from config.loader import digest, parse_rules
from handlers.jobs import Schedule, late
from storage.rows import EventRow
from tests.handlers.room import GROUP, Room

OFFER = "优惠券在这里 https://quan.example.com/{}，大家自己去拿"
"""A link beside an offer: suspicious, and by itself no advert."""


def row(room: Room, id_: str) -> EventRow:
    found = room.database.read(lambda uow: uow.events.get(id_))
    assert found is not None
    return found


def latest(room: Room) -> EventRow:
    return row(room, f"m{room._number}")


def test_admins_see_what_stood_around_and_nobody_else_s_words(room: Room) -> None:
    room.appoint("a", "管理员")
    room.join(*(f"s{n}" for n in range(6)))
    first = ""
    for n in range(6):
        room.say(f"s{n}", OFFER.format(n))
        assert latest(room).verdict == ("ad" if n else "")
        first = latest(room).id if n == 0 else first
        assert (row(room, first).verdict, row(room, first).quality == 0) == (("ad", True) if n else ("", False))
    assert ("特殊身份/身份", "争议用户") in room.tags("s0"), "the first of a wave is one of it"
    assert "另有 1 位刚入群的人" in (row(room, first).checks or "")
    listed = room.direct("a", "#审核")
    assert "新人相近内容 60 分钟内另有 1 位刚入群的人发过相近内容" in listed and "入群潮" in listed
    reasons = room.direct("a", "#为什么 s3 特殊身份/身份=争议用户")
    assert "命中 链接加推销" in reasons and "新人相近内容（60 分钟内另有 3 位刚入群的人发过相近内容）" in reasons
    assert "没有命中 广告短语" in reasons and "quan.example.com" not in reasons


async def test_a_message_that_comes_late_is_judged_again_within_a_minute(room: Room) -> None:
    room.join("s0", "s1", "s2")
    room.say("s0", OFFER.format(0))
    at = room.clock.at
    room.say("s1", OFFER.format(1))
    assert latest(room).verdict == "ad"
    room.hear(MessageHeard("tardy", at + 1, Person("s2", "s2"), GROUP, OFFER.format(2)))
    assert row(room, "tardy").verdict == ""
    assert "另有 1 位刚入群的人" in (latest(room).checks or "")
    schedule = Schedule(room.house, (late.JOB,))
    await schedule.recover()
    room.wait(2 * MINUTE)
    await schedule.run_due(room.clock.at)
    assert row(room, "tardy").verdict == "ad"
    assert "另有 2 位刚入群的人" in (latest(room).checks or "")
    assert room.due(late.JOB, room.clock.at) is None


def test_changed_rules_hold_for_the_next_message_of_a_running_bot(room: Room) -> None:
    advert = "招聘兼职，日结工资，手机就能做，加微信abc12345"
    room.say("wang", advert)
    assert latest(room).verdict == "ad"
    room.wait(SECOND)
    content = "[advert]\nbar = 1\n"
    draft = Draft(content, digest(content), parse_rules(content))
    room.database.write_sync(lambda uow: rulesets.activate(uow, draft, room.clock.at, "系统", "放宽") and None)
    room.say("wang", advert + "，另有补贴")
    assert latest(room).verdict == ""
