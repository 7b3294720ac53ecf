"""A group of five hundred is gone, or the account was put out of it: nobody there is silent, nobody is recalled."""

from __future__ import annotations

from bot.core.instants import DAY, HOUR
from bot.ports import GroupLeft, GroupsHeard
from tests.sim import GROUP, GroupSim

CROWD = tuple(f"书友{number}" for number in range(6))


async def test_nobody_falls_silent_where_nobody_listens(sim: GroupSim) -> None:
    await sim.enter(*CROWD)
    await sim.enter("小雨", group="小群")
    for person, group in ((CROWD[0], GROUP), ("小雨", "小群")):
        await sim.say(person, "这本书的第三章写得很好，人物一下子立体起来了", group=group)
    await sim.advance(DAY)
    stage = sim.stage(CROWD[0])
    await sim.hear(GroupLeft(sim.clock.at, GROUP))
    await sim.advance(40 * DAY)
    spans = sim.database.read(lambda uow: uow.events.deaf(sim.clock.at))
    assert {group for _, _, group in spans} == {GROUP}
    assert sum(end - start for start, end, _ in spans) > 39 * DAY
    assert (sim.stage("小雨"), sim.stage(CROWD[0])) == ("衰退期", stage)
    await sim.enter(*CROWD)
    assert sim.rows("welcome") == []
    row = sim.database.read(lambda uow: uow.groups.get(GROUP))
    assert row is not None and row.present


async def test_a_group_that_is_missing_at_login_is_asked_no_more(sim: GroupSim) -> None:
    await sim.enter(*CROWD)
    await sim.enter("小雨", group="小群")
    sim.chat.forgetful = True
    sim.chat.groups["小群"] = ("小群", ["小雨"])
    await sim.hear(GroupsHeard(sim.clock.at, ()))
    groups = sim.database.read(lambda uow: {row.id: row.present for row in uow.groups.all()})
    assert groups == {GROUP: True, "小群": True}, "an empty list is not believed"
    await sim.hear(GroupsHeard(sim.clock.at, ("小群",)))
    await sim.advance(HOUR)
    groups = sim.database.read(lambda uow: {row.id: row.present for row in uow.groups.all()})
    assert groups == {GROUP: False, "小群": True}
