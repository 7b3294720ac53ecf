"""The questionnaire as members live through it: in the group, directly, together, after a restart, and as children."""

from __future__ import annotations

from bot.core.instants import DAY, HOUR, MINUTE
from bot.services import onboarding
from bot.services.people import keyed_hash
from tests.handlers.room import GROUP, Room

AGE, GENDER, REGION, JOB = (f"人口属性/{name}" for name in ("年龄", "性别", "地域", "职业"))


def values(room: Room, member: str) -> dict[str, str]:
    return {path: value for path, value in room.tags(member) if path.startswith("人口属性")}


def joined(room: Room, *members: str) -> None:
    """They join, and the welcome with its notice and first question goes out."""
    room.join(*members)
    room.wait(11 * MINUTE)
    room.deliver()


def test_answers_in_the_group_become_tags_after_consent(any_room: Room) -> None:
    room = any_room
    joined(room, "wang")
    assert "多大" in room.say("wang", "同意", to_bot=True)
    room.deliver()
    for words in ("28", "男生", "坐标杭州", "程序员"):
        assert room.say("wang", words, to_bot=True)
    assert values(room, "wang") == {AGE: "25-34岁", GENDER: "男", REGION: "新一线城市-杭州", JOB: "互联网/IT"}
    assert "谢谢" in room.say("wang", "不要", to_bot=True)
    assert all(row.mentions == ["wang"] for row in room.said)


def test_the_consent_names_the_notice(room: Room) -> None:
    joined(room, "wang")
    room.say("wang", "同意", to_bot=True)
    ledger = room.database.read(lambda uow: uow.consents.ledger("wang"))
    assert [(row.purpose, row.granted, row.notice_version) for row in ledger] == [
        ("profile", True, room.house.messages.privacy_version)
    ]


def test_nothing_of_a_person_is_kept_before_consent(room: Room) -> None:
    joined(room, "wang")
    room.say("wang", "28", to_bot=True)
    room.say("wang", "我是做程序员的，坐标杭州", to_bot=True)
    assert values(room, "wang") == {}
    room.say("wang", "不同意", to_bot=True)
    room.say("wang", "28", to_bot=True)
    assert values(room, "wang") == {}


def test_agreeing_to_something_else_is_no_consent(room: Room) -> None:
    room.join("wang")
    room.say("wang", "同意")  # the welcome has not gone out yet: he speaks to others
    assert not room.database.read(lambda uow: uow.consents.ledger("wang"))


def test_a_question_nobody_saw_is_asked_instead_of_answered(room: Room) -> None:
    room.join("wang")
    room.wait(11 * MINUTE)
    room.say("wang", "同意", to_bot=True)
    assert not room.database.read(lambda uow: uow.consents.ledger("wang"))
    assert "隐私说明" in room.answer("group")  # now he is asked


def test_plain_talk_is_no_answer_and_an_answer_no_speech(room: Room) -> None:
    joined(room, "wang")
    room.say("wang", "同意")
    room.deliver()
    assert room.say("wang", "今天天气真不错呀") == ""
    events = room.database.read(lambda uow: list(uow.events.of_members(["wang"], None, room.clock.at)))
    assert [(row.text, row.role) for row in events if row.type == "message"] == [
        ("同意", "answer"),
        ("今天天气真不错呀", ""),
    ]
    assert [row.valid for row in events if row.type == "message"] == [False, True]


def test_many_at_once_do_not_cross(room: Room) -> None:
    people = [f"p{number}" for number in range(8)]
    joined(room, *people)
    assert len([row for row in room.rows() if row.kind == "welcome"]) == 1
    for member in people:
        room.say(member, "同意", to_bot=True)
        room.deliver()
    for number, member in enumerate(people):
        room.say(member, str(18 + 5 * number), to_bot=True)
    for number, member in enumerate(people):
        room.say(member, "男" if number % 2 else "女", to_bot=True)
    ages = [values(room, member)[AGE] for member in people]
    assert ages == ["18-24岁", "18-24岁", "25-34岁", "25-34岁", "35-44岁", "35-44岁", "45-54岁", "45-54岁"]
    assert [values(room, member)[GENDER] for member in people] == ["女", "男"] * 4


def test_a_friend_is_asked_directly(room: Room) -> None:
    room.befriend("wang")
    room.join("wang")
    asked = [row for row in room.rows() if row.kind == "questionnaire"]
    assert [(row.to_kind, row.to_id, row.reply) for row in asked] == [("direct", "wang", False)]
    room.deliver()
    room.direct("wang", "好的")
    room.direct("wang", "九五后")
    assert values(room, "wang") == {AGE: "25-34岁"}


def test_who_was_there_before_is_not_asked(room: Room) -> None:
    room.say("old", "大家好")
    assert room.rows() == []
    assert room.database.read(lambda uow: onboarding.talking(uow, {"old"})) == set()


def test_it_goes_on_after_a_restart(room: Room) -> None:
    joined(room, "wang")
    room.say("wang", "同意", to_bot=True)
    again = Room(room.database)
    again.clock.at = room.clock.at + HOUR
    again._number = 100
    again.say("wang", "28", to_bot=True)
    assert values(again, "wang") == {AGE: "25-34岁"}


def test_skip_back_and_edit(room: Room) -> None:
    room.befriend("wang")
    room.join("wang")
    room.deliver()
    room.direct("wang", "同意")
    assert "男生还是女生" in room.direct("wang", "跳过")
    assert "多大" in room.direct("wang", "上一题")
    room.direct("wang", "28")
    for word in ("跳过", "跳过", "跳过", "跳过"):
        room.direct("wang", word)
    assert values(room, "wang") == {AGE: "25-34岁"}
    assert "从头" in room.direct("wang", "问卷")
    room.direct("wang", "41")
    assert values(room, "wang") == {AGE: "35-44岁"}


def test_anybody_may_ask_for_the_questionnaire(room: Room) -> None:
    assert "隐私说明" in room.direct("old", "问卷")
    room.deliver()
    room.direct("old", "同意")
    room.direct("old", "30")
    assert values(room, "old") == {AGE: "25-34岁"}


def test_skip_without_a_question_is_a_word(room: Room) -> None:
    assert room.say("wang", "跳过") == ""
    room.join("li")
    assert room.say("li", "跳过") == ""  # nobody has asked him yet


def test_of_a_child_nothing_is_kept(any_room: Room) -> None:
    room = any_room
    joined(room, "kid")
    room.say("kid", "同意", to_bot=True)
    room.deliver()
    assert "结束" in room.say("kid", "我12岁", to_bot=True)
    left = room.database.read(
        lambda uow: (
            uow.members.get("kid"),
            list(uow.events.of_members(["kid"], None, room.clock.at)),
            uow.consents.ledger("kid"),
            uow.conversations.get("kid"),
            uow.forgotten.has(keyed_hash("test", "kid")),
        )
    )
    assert left == (None, [], [], None, True)
    assert [row.member for row in room.said] == [None]
    assert all("kid" not in row.mentions for row in room.said)
    room.say("kid", "大家好，我是小王，95后，坐标杭州，做产品经理")
    assert room.tags("kid") == {}
    assert "结束" in room.say("kid", "问卷"), "what could not be kept is not asked either"
    assert room.database.read(lambda uow: uow.conversations.get("kid")) is None


def test_a_minor_gets_no_question_about_pushes(room: Room) -> None:
    room.befriend("teen")
    room.join("teen")
    room.deliver()
    for words in ("同意", "16", "女", "杭州"):
        room.direct("teen", words)
    assert "谢谢" in room.direct("teen", "学生")
    row = room.database.read(lambda uow: uow.members.get("teen"))
    assert row is not None and row.minor == "under18"
    assert not room.database.read(lambda uow: uow.consents.holds("teen", "marketing", room.clock.at))


def test_one_reminder_then_an_end(room: Room) -> None:
    joined(room, "wang", "li")
    room.wait(DAY)
    room.database.write_sync(lambda uow: onboarding.on_silence(uow, room.house, room.clock.at))
    reminders = [row for row in room.rows() if row.kind == "questionnaire_reminder"]
    assert [(row.to_id, list(row.mentions), row.reply) for row in reminders] == [(GROUP, ["li", "wang"], False)]
    for _ in range(8):
        room.wait(DAY)
        room.database.write_sync(lambda uow: onboarding.on_silence(uow, room.house, room.clock.at))
    assert len([row for row in room.rows() if row.kind == "questionnaire_reminder"]) == 1
    assert room.database.read(lambda uow: onboarding.talking(uow, {"wang", "li"})) == set()


def test_who_left_is_not_reminded(room: Room) -> None:
    joined(room, "wang")
    room.leave("wang")
    room.wait(2 * DAY)
    room.database.write_sync(lambda uow: onboarding.on_silence(uow, room.house, room.clock.at))
    assert [row for row in room.rows() if row.kind == "questionnaire_reminder"] == []


def test_skipping_every_question_is_no_flood(room: Room) -> None:
    joined(room, "wang")
    room.say("wang", "同意", to_bot=True)
    told = [room.say("wang", "跳过", to_bot=True) for _ in range(5)]
    assert "谢谢" in told[-1]
    assert ("特殊身份/身份", "争议用户") not in room.tags("wang")
    for _ in range(5):
        room.say("wang", "跳过")
    assert ("特殊身份/身份", "争议用户") in room.tags("wang"), "without a question it is only repeated"
