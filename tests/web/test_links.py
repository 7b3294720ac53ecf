"""`#链接` and `/r/{code}`: an address leads to its target only, and a member's own is his click."""

from __future__ import annotations

import re

import pytest

from bot.core.instants import DAY, SECOND
from bot.services.erasure import forget
from tests.web.shop import Shop, shop_at

TARGET = "https://example.com/a?b=1&c=%E4%B8%AD"
PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_4 like Mac OS X) Mobile/15E148 MicroMessenger/8.0.47 NetType/WIFI"
WECHAT = {"user-agent": PHONE}


async def told(shop: Shop, command: str) -> str:
    return "\n".join(one.text for one in await shop.sim.direct("店长", command))


async def link_of(shop: Shop) -> str:
    """A tracked link about 科技 that the director made, as a path."""
    shop.sim.appoint("店长", "运营总监")
    await shop.sim.befriend("店长", "小王")
    return re.search(r"/r/\w+", await told(shop, f"#链接 {TARGET} 科技 199元"))[0]  # type: ignore[index]


async def test_a_members_own_address_is_his_click(any_shop: Shop) -> None:
    shop, sim = any_shop, any_shop.sim
    await sim.say("小王", "大家周末都去哪里看书")
    link = await link_of(shop)
    await sim.consent("小王", "marketing", "device")
    await told(shop, f"#推送 阶段=沉默期 新品在这里 http://here{link} 看看")
    await told(shop, "#确认 推送1")
    await sim.advance(DAY)
    got = next(one.text for one in sim.chat.sent if "新品" in one.text and one.to.id == "小王")
    own = re.search(r"http://here(/r/\w+) 看看", got)[1]  # type: ignore[index]
    assert own != link, "everybody gets an address of his own"
    for wait in (0, 1, 20):
        sim.clock.move_to(sim.clock.at + wait * SECOND)
        answer = await shop.client.get(own, headers=WECHAT)
        assert (answer.status_code, answer.headers["location"]) == (302, TARGET)
    clicks = [row for row in sim.database.read(lambda uow: uow.events.naming(TARGET)) if row.type == "click"]
    assert len(clicks) == 2, "a page loaded again at once is one click"
    assert '"科技"' in clicks[0].body and "19900" in clicks[0].body
    assert sim.tags("小王")["设备特征/手机型号"] == "iPhone"
    assert "从私聊打开 3 次，群里打开 0 次" in await told(shop, "#链接")
    sim.database.write_sync(lambda uow: forget(uow, "小王", sim.clock.at))
    assert (await shop.client.get(own, headers=WECHAT)).status_code == 404, "it goes with him"


async def test_an_address_in_the_group_is_nobodys_click(any_shop: Shop) -> None:
    shop = any_shop
    link = await link_of(shop)
    for agent in (PHONE, PHONE, "Mozilla/5.0 (compatible; Googlebot/2.1)", ""):
        assert (await shop.client.get(link, headers={"user-agent": agent})).headers["location"] == TARGET
    await shop.client.get(link, headers={**WECHAT, "purpose": "prefetch"})
    assert "从私聊打开 0 次，群里打开 2 次" in await told(shop, "#链接"), "programs are not counted"
    assert not [row for row in shop.sim.database.read(lambda uow: uow.events.naming(TARGET)) if row.type == "click"]


@pytest.mark.parametrize(
    "path", ["/r/abcdefgh", "/r/" + "a" * 16, "/r/" + "a" * 500, "/r/%2e%2e", "/r/x;y", "/r/?to=//evil"]
)
async def test_an_unknown_address_leads_nowhere(sqlite_url: str, path: str) -> None:
    async with shop_at(sqlite_url) as shop:
        answer = await shop.client.get(path)
    assert answer.status_code == 404 and "location" not in answer.headers
