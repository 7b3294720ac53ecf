"""Positions sent in the chat."""

from __future__ import annotations

from bot.localgroup.group import LocalGroup
from bot.ports import MessageHeard
from tests.sim import GROUP, GroupSim
from tests.wechat.ears import listening

SHANGHAI = "31.2304,121.4737"


async def heard_of(person: str) -> MessageHeard:
    """A location message as it comes through the adapter."""

    def here(group: LocalGroup) -> None:
        group.seed("测试群", [person])

    async with listening(before=here) as ears:
        await ears.group.say(person, SHANGHAI, kind="location")
        return await ears.message()


async def test_a_sent_position_becomes_places_only_under_consent(any_sim: GroupSim) -> None:
    sim, told = any_sim, await heard_of("小雨")
    assert told.text == "" and told.position is not None
    await sim.enter("小雨", "小雪")
    await sim.consent("小雨", "province", "city")
    for person in ("小雨", "小雪"):
        message = sim._message(person, "", GROUP, False)
        await sim.hear(
            MessageHeard(message.id, message.at, message.sender, GROUP, "", "location", position=told.position)
        )
    assert {"地域分布/省份": "上海", "地域分布/城市": "上海"}.items() <= sim.tags("小雨").items()
    assert not [path for path in sim.tags("小雪") if path.startswith("地域分布/")]
    kept = sim.database.read(lambda uow: list(uow.events.of_members(["小雨", "小雪"], None, sim.clock.at)))
    assert [row.type for row in kept if row.member == "小雨"].count("location") == 1
    assert not [row for row in kept if "121." in row.body]
