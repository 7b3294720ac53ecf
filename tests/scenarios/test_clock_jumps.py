"""The clock on the wall jumps by an hour, both ways: nothing happens twice, and nothing waits for the old time."""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bot.core.instants import DAY, HOUR, MINUTE, Span, next_daily
from handlers.jobs.clockwork import TURN, Clockwork
from storage.repositories.jobs import JOBS
from tests.sim import GROUP, GroupSim


async def jump(sim: GroupSim, span: Span) -> None:
    """The clock is set; whoever runs then takes a turn."""
    sim.clock.at += span
    await sim.runtime.settle()


def evaluations(sim: GroupSim) -> Counter[int]:
    wanted = select(JOBS.c.due_at).where(JOBS.c.name == "daily_evaluation")
    return Counter(sim.database.read(lambda uow: list(uow.connection.scalars(wanted))))


async def test_jobs_neither_double_nor_stall_and_answers_are_given(sim: GroupSim) -> None:
    await sim.enter("小雨", "老张")
    sim.appoint("老张", "管理员")
    sim.chat.forgetful = True
    sim.chat.groups[GROUP] = (GROUP, ["小雨", "老张"])
    four = next_daily(sim.clock.at, 4, sim.house.zone)
    await sim.advance(four - sim.clock.at + 5 * MINUTE)
    for span in (-HOUR, HOUR, HOUR, -HOUR):
        await jump(sim, span)
        assert evaluations(sim) == Counter({four: 1})
        (answer,) = await sim.say("老张", "#看板")
        assert answer.to.id == GROUP
    asked = len(sim.jobs("rosters"))
    await sim.advance(HOUR + 10 * MINUTE)
    assert len(sim.jobs("rosters")) > asked, "not later than the old time comes again"
    await sim.advance(DAY)
    assert evaluations(sim) == Counter({four: 1, four + DAY: 1})
    assert sim.deaf() == []


async def test_the_pause_after_a_message_is_no_hour(sim: GroupSim) -> None:
    sim.chat.forgetful = True  # where one has to talk like a person
    await sim.restart()
    await sim.befriend("小雨")
    await sim.direct("小雨", "我的标签")
    await jump(sim, -HOUR)
    (answer,) = await sim.direct("小雨", "我的标签")
    assert answer.to.id == "小雨"


async def test_a_clockwork_whose_next_turn_lies_an_hour_ahead_is_set_right() -> None:
    turned = asyncio.Event()

    async def turn() -> float:
        turned.set()
        return 3600.0

    clockwork = Clockwork(turn)
    clockwork.start()
    async with asyncio.timeout(20):
        await turned.wait()
        turned.clear()
        clockwork._scheduler.modify_job(TURN, next_run_time=datetime.now(UTC) + timedelta(hours=1))
        clockwork.set_right()
        await turned.wait()
    clockwork.stop()
