"""Newcomers: welcomed together, asked by and by, never twice, never at night."""

from __future__ import annotations

from bot.core.instants import DAY, HOUR, MINUTE
from tests.sim import GroupSim


async def test_entering_a_group_of_many_makes_no_newcomers(sim: GroupSim) -> None:
    (notice,) = await sim.enter(*(f"老成员{number}" for number in range(400)))
    assert "隐私说明" in notice.text
    assert await sim.advance(2 * DAY) == []
    assert {row.kind for row in sim.rows()} == {"notice"}
    flagged = sim.database.read(lambda uow: uow.members.page(limit=1, path="特殊身份/身份", value="新用户"))
    assert flagged == []


async def test_the_notice_is_posted_once_to_a_group(any_sim: GroupSim) -> None:
    assert len(await any_sim.enter("老张")) == 1
    assert await any_sim.enter("老张") == []
    await any_sim.restart()
    assert await any_sim.enter("老张") == []


async def test_joins_close_together_share_a_welcome_and_later_ones_do_not(any_sim: GroupSim) -> None:
    await any_sim.enter("老张")
    await any_sim.advance(HOUR)
    await any_sim.join("小李", inviter="老张")
    await any_sim.advance(4 * MINUTE)
    await any_sim.join("小王", "小赵")
    (welcome,) = await any_sim.advance(7 * MINUTE)
    assert welcome.mentions == ("小李", "小王", "小赵")
    await any_sim.join("小钱")
    (second,) = await any_sim.advance(HOUR)
    assert second.mentions == ("小钱",)


async def test_nobody_is_welcomed_at_night(sim: GroupSim) -> None:
    await sim.enter("老张")
    await sim.advance(14 * HOUR)
    await sim.join("夜猫")
    assert await sim.advance(8 * HOUR) == []
    (welcome,) = await sim.advance(2 * HOUR)
    assert (welcome.at - welcome.at // DAY * DAY) // HOUR == 0, "eight in the morning in Shanghai is midnight in UTC"


async def test_many_answer_at_once_without_cross_talk(any_sim: GroupSim) -> None:
    sim = any_sim
    await sim.enter("老张")
    await sim.join("小李", "小王", "小赵")
    await sim.advance(11 * MINUTE)
    for person in ("小李", "小王", "小赵"):
        (asked,) = await sim.say(person, "同意", to_bot=True)
        assert asked.mentions == (person,)
    await sim.say("小王", "九五后", to_bot=True)
    await sim.say("小李", "28", to_bot=True)
    await sim.say("小赵", "跳过", to_bot=True)
    await sim.say("小李", "男生", to_bot=True)
    await sim.say("小王", "女", to_bot=True)
    await sim.say("小王", "坐标杭州", to_bot=True)
    held = {person: sim.tags(person) for person in ("小李", "小王", "小赵")}
    assert held["小李"]["人口属性/年龄"] == "25-34岁"
    assert held["小李"]["人口属性/性别"] == "男"
    assert held["小王"]["人口属性/性别"] == "女"
    assert "人口属性/年龄" not in held["小赵"]
    assert any("杭州" in value for value in held["小王"].values())


async def test_who_refuses_before_the_first_question_is_not_asked_again(sim: GroupSim) -> None:
    await sim.enter("老张")
    await sim.join("小李", "小王")
    await sim.befriend("小李", "小王")
    await sim.advance(11 * MINUTE)
    for person, words in (("小李", "拒绝画像"), ("小王", "撤回授权")):
        assert len(await sim.direct(person, words)) == 1
    assert await sim.advance(2 * DAY) == []
    (asked,) = await sim.direct("小李", "问卷")
    assert "1.同意" in asked.text


async def test_who_was_forgotten_and_comes_back_is_asked_anew(any_sim: GroupSim) -> None:
    sim = any_sim
    await sim.enter("老张")
    for words in ("问卷", "同意", "28", "忘记我", "忘记我", "问卷"):
        (last,) = await sim.direct("老张", words)
    assert "隐私说明" in last.text
    assert sim.tags("老张") == {}
    for words, told in (("同意", "你多大"), ("28", "男生还是女生"), ("男", "城市")):
        (last,) = await sim.direct("老张", words)
        assert told in last.text
    assert {sim.tags("老张")[path] for path in ("人口属性/年龄", "人口属性/性别")} == {"25-34岁", "男"}


async def test_a_restart_in_the_middle_of_the_questions_goes_on_where_it_was(any_sim: GroupSim) -> None:
    sim = any_sim
    await sim.enter("老张")
    await sim.join("小李")
    await sim.advance(11 * MINUTE)
    await sim.direct("小李", "同意")
    assert await sim.restart(after=3 * MINUTE) == []
    (gender,) = await sim.direct("小李", "28")
    assert "男" in gender.text
    await sim.direct("小李", "男")
    assert set(sim.tags("小李").values()) >= {"25-34岁", "男"}


async def test_who_does_not_answer_is_reminded_once_and_then_left_in_peace(sim: GroupSim) -> None:
    await sim.enter("老张")
    await sim.join("小李")
    said = await sim.advance(14 * DAY)
    assert [row.kind for row in sim.rows() if row.status == "sent"] == ["notice", "welcome", "questionnaire_reminder"]
    assert len(said) == 2
    assert await sim.say("小李", "28") == [], "the questions are over: a number is a number again"


async def test_nothing_is_stored_of_whom_did_not_consent(sim: GroupSim) -> None:
    await sim.enter("老张")
    await sim.join("小李")
    await sim.advance(11 * MINUTE)
    await sim.say("小李", "不同意", to_bot=True)
    await sim.say("小李", "大家好，我是95后，坐标杭州，程序员一枚")
    assert not [path for path in sim.tags("小李") if path.startswith("人口属性")]


async def test_who_writes_directly_is_known_as_somebody_with_a_direct_chat(sim: GroupSim) -> None:
    await sim.enter("老张")
    await sim.direct("老张", "你好")
    known = sim.database.read(lambda uow: uow.members.get("老张"))
    assert known is not None and known.is_friend
    friends = sim.database.read(lambda uow: [row.type for row in uow.events.of_members(["老张"], 0, sim.clock.at)])
    await sim.direct("老张", "在吗")
    again = sim.database.read(lambda uow: [row.type for row in uow.events.of_members(["老张"], 0, sim.clock.at)])
    assert friends.count("friend") == again.count("friend") == 1
