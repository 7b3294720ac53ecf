"""The gateway says yes and nothing appears: told by the echo that does not come, where echoes are known to come."""

from __future__ import annotations

import pytest

from bot.core.instants import HOUR, MINUTE, SECOND
from bot.ports import Address, EchoHeard
from tests.sim import GroupSim

AD = "加微信 vx8868668 领取刷单兼职，日结三百，扫码进群"


@pytest.fixture
async def echoing(sim: GroupSim) -> GroupSim:
    """A platform that may lose news and echoes; it has shown so."""
    sim.appoint("老张", "运营总监")
    await sim.befriend("老张", "小雨")
    await sim.enter("老张", "小雨")
    sim.chat.forgetful = sim.chat.echoing = True
    await sim.direct("老张", "#看板")
    return sim


def fates(sim: GroupSim, kind: str = "admin") -> list[tuple[str, str]]:
    return [(row.status, row.reason) for row in sim.rows(kind)]


async def test_one_without_an_echo_is_doubtful_until_a_late_one_comes(echoing: GroupSim) -> None:
    sim = echoing
    sim.chat.swallow_next = 1
    await sim.direct("老张", "#模式")
    assert [status for status, _ in fates(sim, "mode")] == ["sent"]
    await sim.advance(58 * SECOND)
    await sim.say("小雨", "早")
    assert [status for status, _ in fates(sim, "mode")] == ["sent"]
    await sim.advance(2 * SECOND)
    assert [status for status, _ in fates(sim, "mode")] == ["sent"]
    await sim.say("小雨", "有人吗")
    assert fates(sim, "mode") == [("unknown", "60 秒内没有回显，可能没有发出去")]
    assert sim.house.status.echoes_missing == 1
    (answer,) = await sim.direct("老张", "#看板")
    assert "60 秒内没有回显" in answer.text
    (row,) = sim.rows("mode")
    await sim.hear(EchoHeard(sim.clock.at, "another id", Address("direct", "老张"), row.text))
    assert [status for status, _ in fates(sim, "mode")] == ["unknown"]
    await sim.hear(EchoHeard(sim.clock.at, row.platform_id or "", Address("direct", "老张"), row.text))
    assert fates(sim, "mode") == [("sent", "")]


async def test_where_none_ever_comes_nothing_is_concluded(sim: GroupSim) -> None:
    sim.appoint("老张", "运营总监")
    await sim.befriend("老张")
    sim.chat.forgetful = True
    for _ in range(4):
        await sim.direct("老张", "#看板")
    await sim.advance(5 * MINUTE)
    assert set(fates(sim)) == {("sent", "")}
    assert len(await sim.direct("老张", "#看板")) == 1


async def test_a_new_login_has_to_show_anew_that_it_echoes(echoing: GroupSim) -> None:
    sim = echoing
    sim.chat.echoing = False
    await sim.restart()
    for _ in range(4):
        await sim.direct("老张", "#看板")
    await sim.advance(5 * MINUTE)
    assert {status for status, _ in fates(sim)} == {"sent"}


async def test_three_in_a_row_stop_all_sending_and_are_told(echoing: GroupSim) -> None:
    sim = echoing
    for missing in (2, 1):
        sim.chat.swallow_next = missing
        for _ in range(3):
            await sim.direct("老张", "#看板")
    await sim.advance(2 * MINUTE)
    assert len(await sim.direct("老张", "#看板")) == 1
    sim.chat.swallow_next = 3
    for _ in range(3):
        await sim.direct("老张", "#看板")
    await sim.advance(61 * SECOND)
    await sim.say("小雨", "大家早")
    assert await sim.direct("老张", "#看板") == []
    assert sim.rows("throttle")[0].text == (
        "连续 3 条消息网关说已发却没有回显，可能被限制，已停止一切发送 12 小时，现已恢复。"
    )
    sim.chat.forgetful = False  # the night's ten-minute lists are another story
    await sim.advance(12 * HOUR)
    assert [row.status for row in sim.rows("throttle")] == ["sent"]


async def test_a_warning_counts_from_its_echo_on_and_never_without(echoing: GroupSim) -> None:
    sim = echoing
    sim.chat.swallow_next = 1
    await sim.say("小雨", AD)
    await sim.advance(2 * MINUTE)
    await sim.say("小雨", AD + "速来")
    assert [row.status for row in sim.rows("warning")] == ["unknown"]
    assert sim.rows("restricted") == []
    (row,) = sim.rows("warning")
    await sim.hear(EchoHeard(sim.clock.at, row.platform_id or "", Address(row.to_kind, row.to_id), row.text))  # type: ignore[arg-type]
    assert [row.status for row in sim.rows("warning")] == ["sent"]
    await sim.say("小雨", AD + "名额有限")
    assert [row.to_id for row in sim.rows("restricted")] == ["老张"]
