"""Joins, leaves, renames and ids that the platform does not tell of."""

from __future__ import annotations

from bot.core.instants import DAY, HOUR, MINUTE, SECOND
from bot.ports import GroupEntered, JoinHeard, Person
from storage.rows import OutboxRow
from tests.sim import GROUP, GroupSim

CROWD = tuple(f"书友{number}" for number in range(20))


def forget(sim: GroupSim, *people: str, name: str = GROUP) -> None:
    """From now on the platform tells nothing by itself; asked, it names these people."""
    sim.chat.forgetful = True
    sim.chat.groups[GROUP] = (name, list(people))


async def login(sim: GroupSim, *people: str) -> None:
    """The account finds itself in the group, with these people in it."""
    there = tuple(Person(one, one) for one in people)
    await sim.hear(GroupEntered(sim._tick(), GROUP, GROUP, there, at_login=True))


def moves(sim: GroupSim, *people: str) -> list[tuple[str, str | None]]:
    rows = sim.database.read(lambda uow: list(uow.events.of_members(people or None, None, sim.clock.at + DAY)))
    return [(row.type, row.member) for row in rows if row.type in ("join", "leave")]


def present(sim: GroupSim) -> set[str]:
    return {row.member for row in sim.database.read(lambda uow: uow.groups.present_members(GROUP))}


async def test_what_was_missed_is_found_within_ten_minutes(any_sim: GroupSim) -> None:
    sim = any_sim
    await sim.enter("小雨", "小雪", "小霜")
    forget(sim, "小雨", "小雪", "小云", name="读书会二群")
    said = await sim.advance(30 * MINUTE)
    assert sorted(moves(sim)) == [("join", "小云"), ("leave", "小霜")]
    assert present(sim) == {"小雨", "小雪", "小云"}
    assert [one.mentions for one in said if "小云" in one.mentions] == [("小云",)]
    assert sim.database.read(lambda uow: uow.groups.names([GROUP])) == {GROUP: "读书会二群"}
    await sim.advance(HOUR)
    assert len(moves(sim)) == 2


async def test_a_login_tells_who_came_and_went_meanwhile_the_first_one_nobody(sim: GroupSim) -> None:
    await login(sim, "小雨", "小雪")
    assert moves(sim) == []
    await login(sim, "小雨", "小云")
    assert sorted(moves(sim)) == [("join", "小云"), ("leave", "小雪")]


async def test_a_list_that_comes_back_empty_or_nearly_so_is_not_believed(sim: GroupSim) -> None:
    await sim.enter(*CROWD)
    for there in ((), CROWD[:4]):
        forget(sim, *there)
        await sim.advance(20 * MINUTE)
    await login(sim)
    assert moves(sim) == []
    assert present(sim) == set(CROWD)


async def test_a_platform_that_does_not_answer_changes_nothing(sim: GroupSim) -> None:
    await sim.enter("小雨", "小雪")
    sim.chat.forgetful = True
    await sim.advance(HOUR)
    assert (moves(sim), present(sim)) == ([], {"小雨", "小雪"})
    assert len(sim.jobs("rosters")) == 6


async def test_new_ids_at_a_login_stop_pushes_for_a_day_and_are_told(sim: GroupSim) -> None:
    sim.appoint("老张", "运营总监")
    await sim.befriend("老张")
    await sim.enter("老张", *CROWD)
    await login(sim, "老张", *CROWD[5:], *(f"新编号{number}" for number in range(5)))
    told = sim.rows("new_ids")
    assert [(row.to_id, row.status) for row in told] == [("老张", "sent")]
    assert moves(sim) == []
    assert sim.rows("welcome") == []
    await sim.befriend(CROWD[9])
    await sim.consent(CROWD[9], "profile", "marketing")
    at = sim.clock.at
    push = OutboxRow("campaign:1", "campaign", "direct", CROWD[9], "周六线下见", at, at, CROWD[9])
    sim.database.write_sync(lambda uow: uow.outbox.add([push]))
    await sim.advance(HOUR)
    assert [(row.status, row.reason) for row in sim.rows("campaign")] == [("queued", "成员编号可能变了")]
    await sim.advance(26 * HOUR)
    assert [row.status for row in sim.rows("campaign")] == ["sent"]


async def test_a_first_word_tells_of_a_join_and_the_news_itself_is_no_second_one(any_sim: GroupSim) -> None:
    sim = any_sim
    await login(sim, "小雨")
    forget(sim, "小雨", "小云")
    await sim.say("小云", "大家好，我刚进群")
    await sim.hear(JoinHeard(sim.clock.at - 2 * SECOND, GROUP, (Person("小云", "小云"),)))
    await sim.advance(30 * MINUTE)
    assert moves(sim) == [("join", "小云")]
    assert len(sim.rows("welcome")) == 1


async def test_where_everything_is_told_a_first_word_is_only_a_word(sim: GroupSim) -> None:
    await login(sim, "小雨")
    await sim.say("小云", "我一直在")
    assert moves(sim) == []


async def test_who_asked_to_be_forgotten_is_not_written_down_again_from_a_list(sim: GroupSim) -> None:
    await sim.enter("小雨", "小雪", "小霜")
    await sim.befriend("小雨")
    await sim.direct("小雨", "忘记我")
    await sim.direct("小雨", "忘记我")
    forgotten = sim.database.read(lambda uow: uow.members.get("小雨"))
    forget(sim, "小雨", "小雪", "小霜")
    await sim.advance(30 * MINUTE)
    assert sim.database.read(lambda uow: uow.members.get("小雨")) == forgotten
    assert "小雨" not in present(sim)
