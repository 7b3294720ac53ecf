"""Weeks in a group: silence and recall, flooding and warning, restarts, modes, the platform's moods."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import DAY, HOUR, MINUTE
from bot.ports import ThrottleHeard
from bot.services.audience import held_out
from tests.sim import GROUP, GroupSim

TALK = ("这本书的第三章讲得很清楚，推荐大家读一读", "昨天看完了电影，结尾出人意料", "周末的活动几点集合，需要带什么")
MEMBER = next(name for name in ("小雨", "小雪", "小霜") if not held_out(name, 10))
HELD_OUT = next(name for name in (f"成员{number}" for number in range(200)) if held_out(name, 10))


async def talk(sim: GroupSim, *people: str) -> None:
    for person in people:
        for number, text in enumerate(TALK):
            await sim.say(person, f"{text}，{person}{sim.clock.at // DAY % 97}号笔记{number}")
            await sim.advance(5 * MINUTE)


async def weeks(sim: GroupSim, count: int, *people: str) -> None:
    """`count` weeks in which `people` talk enough to be growing."""
    for _ in range(count):
        await talk(sim, *people)
        await sim.advance(7 * DAY)


async def flood(sim: GroupSim, person: str, tag: str) -> None:
    await sim.say(person, *(f"快来看{tag}第{number}场" for number in range(22)))


async def test_the_silent_are_recalled_directly_and_only_with_consent(sim: GroupSim) -> None:
    await sim.enter(MEMBER, HELD_OUT, "没同意", "老张")
    await sim.befriend(MEMBER, HELD_OUT, "没同意")
    await talk(sim, MEMBER, HELD_OUT, "没同意")
    for member in (MEMBER, HELD_OUT):
        await sim.consent(member, "profile", "marketing")
    await sim.advance(20 * DAY)
    said = await sim.advance(25 * DAY)
    assert sim.stage(MEMBER) == "衰退期"
    assert [one.to.id for one in said] == [MEMBER]
    assert "退订" in said[0].text and said[0].to.kind == "direct"
    recalls = {row.to_id: (row.status, row.reason) for row in sim.rows("recall")}
    assert recalls == {MEMBER: ("sent", ""), HELD_OUT: ("withheld", "对照组")}
    await sim.say(MEMBER, "我回来了，最近太忙，这个月的书单还来得及吗")
    assert sim.stage(MEMBER) == "沉默期"


async def test_unsubscribing_is_obeyed_at_once(sim: GroupSim) -> None:
    await sim.enter(MEMBER)
    await sim.befriend(MEMBER)
    await talk(sim, MEMBER)
    await sim.consent(MEMBER, "profile", "marketing")
    await sim.advance(20 * DAY)
    await sim.direct(MEMBER, "退订")
    assert await sim.advance(60 * DAY) == []
    assert not [row for row in sim.rows("recall") if row.status == "sent"]


async def test_after_an_absence_missed_days_are_caught_up_once_and_are_no_silence(any_sim: GroupSim) -> None:
    sim = any_sim
    await sim.enter("老张", MEMBER)
    await sim.befriend(MEMBER)
    await talk(sim, MEMBER)
    await sim.consent(MEMBER, "profile", "marketing")
    await sim.advance(25 * DAY)
    runs = sim.jobs("daily_evaluation")
    await sim.restart(after=8 * DAY)
    await sim.advance(MINUTE)
    assert len(sim.jobs("daily_evaluation")) == len(runs) + 1
    ((start, end),) = sim.deaf()
    assert end - start == 8 * DAY
    assert sim.stage(MEMBER) == "沉默期", "time in which the bot was deaf is nobody's silence"


async def test_a_flooder_is_warned_then_restricted_then_released(any_sim: GroupSim) -> None:
    sim = any_sim
    sim.appoint("店长", "管理员")
    await sim.enter("店长", "大嗓门")
    await sim.befriend("店长", "大嗓门")
    await flood(sim, "大嗓门", "甲")
    (warning,) = sim.rows("warning")
    assert warning.status == "sent" and warning.to_kind == "direct"
    assert sim.tags("大嗓门")["特殊身份/身份"] == "争议用户"
    await sim.advance(2 * HOUR)
    await flood(sim, "大嗓门", "乙")
    assert [row.status for row in sim.rows("restriction")] == ["sent"]
    assert [row.to_id for row in sim.rows("restricted")] == ["店长"]
    await sim.direct("店长", "#解除 大嗓门")
    assert "特殊身份/身份" not in sim.tags("大嗓门")
    assert not [one for one in sim.chat.sent if one.to.kind == "group" and "大嗓门" in one.text + "".join(one.mentions)]


async def test_an_undelivered_warning_counts_for_nothing(sim: GroupSim) -> None:
    await sim.enter("大嗓门")
    await sim.befriend("大嗓门")
    sim.chat.refuse_next()
    await flood(sim, "大嗓门", "甲")
    assert [row.status for row in sim.rows("warning")] == ["failed"]
    await sim.advance(2 * HOUR)
    await flood(sim, "大嗓门", "乙")
    assert sim.rows("restriction") == []


async def test_observing_says_nothing_and_assisting_asks_first(any_sim: GroupSim) -> None:
    sim = any_sim
    sim.appoint("店长", "运营总监")
    await sim.enter("店长")
    await sim.befriend("店长")
    await sim.direct("店长", "#模式 观察")
    assert sim.chat.sent[-1].to.id == "店长" and "观察" in sim.chat.sent[-1].text
    sent = len(sim.chat.sent)
    await sim.join("小李")
    await sim.advance(HOUR)
    await sim.say("小李", "签到")
    await sim.advance(HOUR)
    assert len(sim.chat.sent) == sent
    await sim.direct("店长", "#模式 协助")
    await sim.join("小王")
    (ask,) = await sim.advance(20 * MINUTE)
    assert ask.to.id == "店长" and "#确认" in ask.text
    await sim.direct("店长", "#确认 全部")
    await sim.advance(MINUTE)
    (welcome,) = (one for one in sim.chat.sent[sent:] if one.to.kind == "group")
    assert welcome.mentions == ("小王",)


async def test_a_doubtful_send_is_never_repeated(any_sim: GroupSim) -> None:
    sim = any_sim
    sim.chat.doubt_next()
    await sim.enter("老张")
    assert [row.status for row in sim.rows("notice")] == ["unknown"]
    await sim.restart(after=HOUR)
    assert await sim.advance(DAY) == []


async def test_a_throttle_notice_stops_everything_for_half_a_day(sim: GroupSim) -> None:
    await sim.enter("老张")
    await sim.hear(ThrottleHeard(sim.clock.at, "操作过于频繁"))
    await sim.join("小李")
    await sim.direct("老张", "我的标签")
    assert await sim.advance(11 * HOUR) == []


async def test_orders_make_a_buyer_mature(sim: GroupSim) -> None:
    await sim.enter("老张")
    await talk(sim, "老张")
    for yuan in (100, 200, 300):
        await sim.pay("老张", yuan)
        await sim.advance(3 * DAY)
    await sim.advance(DAY)
    assert sim.stage("老张") == "成熟期"


async def test_imported_history_is_silent(sim: GroupSim) -> None:
    """A fact told long after it happened plans nothing."""
    old = sim.clock.at - 40 * DAY
    await sim.enter("老张")
    await sim.befriend("老李")
    await sim.take(Event("join", "old", old, "老李", GROUP, {}))
    sent = await sim.advance(20 * DAY)
    assert [one for one in sent if one.to.id == "老李" or "老李" in one.mentions] == []


async def test_eight_weeks_pass_in_a_blink_and_restarts_change_nothing(any_sim: GroupSim) -> None:
    sim = any_sim
    people = ("老张", "李姐", "阿健")
    await sim.enter(*people)
    for week in range(3):
        await weeks(sim, 1, *people)
        before = {person: sim.tags(person) for person in people}
        sent = len(sim.chat.sent)
        await sim.restart()
        assert {person: sim.tags(person) for person in people} == before
        assert len(sim.chat.sent) == sent, week
    assert {sim.stage(person) for person in people} == {"成长期"}


async def test_a_flood_goes_on_over_a_restart(any_sim: GroupSim) -> None:
    await any_sim.enter("老张")
    await any_sim.befriend("老张")
    advert = "书架清仓大家都来看看吧先到先得"
    await any_sim.say("老张", advert, advert, advert)
    await any_sim.restart(after=3 * MINUTE)
    await any_sim.say("老张", advert, advert)
    assert [row.kind for row in any_sim.rows("warning")] == ["warning"]
