"""A group whose contact ids all change at a login: alarm, proposals, a director's word, and back."""

from __future__ import annotations

from bot.core.facts import Facts
from bot.core.instants import DAY, HOUR, MINUTE, Instant
from bot.ports import GroupEntered, Person
from bot.services import tagging
from storage.unit_of_work import UnitOfWork
from tests.scenarios.test_live_rosters import forget
from tests.sim import GROUP, GroupSim

CROWD = 5
TWINS = ("小明甲", "小明乙")
"""Two who are called the same, and whose pictures are not known."""


def listed(prefix: str) -> tuple[Person, ...]:
    """Everybody under the ids of a login; what is shown of them stays the same."""
    known = [Person(f"{prefix}{number}", f"书友{number}", avatar=f"像{number}") for number in range(CROWD)]
    return (Person("老张", "老张"), *known, *(Person(f"{prefix}{twin}", "小明") for twin in TWINS))


async def login(sim: GroupSim, prefix: str) -> None:
    people = listed(prefix)
    sim.chat.shown |= {person.id: person for person in people}
    await sim.hear(GroupEntered(sim._tick(), GROUP, GROUP, people, at_login=True))


def facts(sim: GroupSim, at: Instant, *members: str) -> dict[str, Facts]:
    def look(uow: UnitOfWork) -> dict[str, Facts]:
        return tagging.look(uow, members, sim.house.world(uow, at), at)

    return sim.database.read(look)


def held(found: Facts) -> dict[tuple[str, str], tuple[float, Instant]]:
    return {key: (one.tag.weight, one.since) for key, one in found.tags.items()}


async def test_ids_of_a_whole_group_change(any_sim: GroupSim) -> None:
    sim = any_sim
    sim.appoint("老张", "运营总监")
    await sim.befriend("老张")
    await login(sim, "旧")
    for day in range(3):
        for number in range(CROWD):
            await sim.say(f"旧{number}", f"第{day}天读完了第{number}章，人物写得真好，推荐给大家")
            await sim.pay(f"旧{number}", 60 * (day + number + 1))
        await sim.advance(DAY)
    await login(sim, "新")
    forget(sim, *(person.id for person in listed("新")))
    assert [row.to_id for row in sim.rows("new_ids")] == ["老张"]
    await sim.advance(15 * MINUTE)
    assert [(row.to_id, row.status) for row in sim.rows("relink")] == [("老张", "sent")]
    (answer,) = await sim.direct("老张", "#合并")
    assert [line.split("：")[0] for line in answer.text.splitlines() if "→ 书友" in line] == [
        f"{number + 1}. 书友{number}（旧{number}）→ 书友{number}（新{number}）" for number in range(CROWD)
    ]
    assert "小明" not in answer.text
    await sim.say("新0", "换了手机，又回来了，接着读下一章吧")
    at = sim.clock.at + 2 * HOUR
    before = facts(sim, at, *(f"旧{number}" for number in range(CROWD)), "新0")
    (answer,) = await sim.direct("老张", f"#合并 {CROWD} 否")
    assert "否决" in answer.text
    (answer,) = await sim.direct("老张", "#合并 全部")
    assert "已合并 4 对" in answer.text
    await sim.advance(MINUTE)
    for number in range(1, CROWD - 1):
        assert held(facts(sim, at, f"新{number}")[f"新{number}"]) == held(before[f"旧{number}"])
    assert facts(sim, at, "新0")["新0"].joined_at == before["旧0"].joined_at
    await sim.advance(HOUR)
    assert facts(sim, at, "新1")["新1"].groups == {GROUP: True}
    members = sim.database.read(lambda uow: {row.member for row in uow.members.page()})
    assert members == {"老张", *(f"新{number}" for number in range(CROWD)), f"旧{CROWD - 1}"} | {
        f"{prefix}{twin}" for prefix in "旧新" for twin in TWINS
    }
    assert len(sim.rows("relink")) == 1
    for number in range(CROWD - 1):
        await sim.direct("老张", f"#拆分 旧{number}")
    await sim.advance(MINUTE)
    after = facts(sim, at, *before)
    assert {member: held(found) for member, found in after.items()} == {m: held(found) for m, found in before.items()}
    audit = sim.database.read(lambda uow: uow.audit.page(limit=100))
    assert {(row.subject, row.detail.get("旧")) for row in audit if row.action == "#合并" and row.subject} == {
        (f"新{number}", f"旧{number}") for number in range(CROWD - 1)
    }
    assert {row.subject for row in audit if row.action == "#拆分"} == {f"旧{number}" for number in range(CROWD - 1)}
