"""The dashboard: who is let in, what a role may see, and that looking at members is written down."""

from __future__ import annotations

import re
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import httpx

from bot.core.instants import DAY, MINUTE
from bot.core.lifecycle import STAGES
from bot.services import passes
from bot.services.reports import access
from handlers.web import stage_chart
from storage.rows import OutboxRow
from tests.web.browser import Browser, address, browsing

EVIL = "<script>alert(1)</script>\u202e=HYPERLINK(1)"
LEAVE = re.compile(r'name="leave" value="([^"]+)"')


async def login(browser: Browser, who: str = "老板", role: str = "运营总监") -> str:
    """Log in with the address that the bot hands out in chat; returns the dashboard."""
    browser.sim.appoint(who, role)
    await browser.open(address(await browser.sim.direct(who, "#看板 网页")))
    await browser.press()
    assert browser.page is not None and browser.status == 303
    return await browser.open(urljoin(browser.path, browser.page.headers["location"]))


async def test_only_a_one_time_address_lets_in(browser: Browser) -> None:
    sim = browser.sim
    assert "一次性的登录地址" in await browser.open("/")
    assert browser.status == 401
    await sim.enter("老板", "路人")
    assert "http" not in "".join(one.text for one in await sim.direct("路人", "#看板 网页"))
    sim.appoint("老板", "运营总监")
    path = address(await sim.direct("老板", "#看板 网页"))
    for _ in range(2):  # a preview fetched by the chat uses nothing up
        assert "只能用一次" in await browser.open(path)
    await browser.press()
    assert browser.page is not None
    cookie = browser.page.headers["set-cookie"]
    assert "HttpOnly" in cookie and "SameSite=strict" in cookie and "Secure" in cookie
    assert path.rpartition("/")[2] not in cookie
    await browser.open(path)
    assert browser.status == 404
    await browser.press(path=path)
    assert browser.status == 404
    later = address(await sim.direct("老板", "#看板 网页"))
    await sim.advance(10 * MINUTE)
    await browser.open(later)
    assert browser.status == 404


async def test_a_session_ends_by_word_by_idleness_and_with_the_role(browser: Browser) -> None:
    text = await login(browser)
    assert "群标看板" in text and browser.status == 200
    (mark,) = LEAVE.findall(text)
    kept = {"Cookie": f"qunbiao={browser.client.cookies['qunbiao']}"}
    await browser.press(path="/logout", leave="falsch")
    assert browser.status == 404
    await browser.open("/")
    assert browser.status == 200
    await browser.press(path="/logout", leave=mark)
    assert (await browser.client.get("/", headers=kept)).status_code == 401  # whoever kept the cookie has nothing
    await login(browser)
    await browser.sim.advance(29 * MINUTE)
    await browser.open("/")
    await browser.sim.advance(29 * MINUTE)
    await browser.open("/")
    assert browser.status == 200
    browser.sim.database.write_sync(lambda uow: uow.roles.revoke("老板", "运营总监"))
    await browser.open("/")
    assert browser.status == 401
    browser.sim.appoint("老板", "观察员")
    await browser.sim.advance(31 * MINUTE)
    await browser.open("/")
    assert browser.status == 401


async def test_forged_cookies_and_guessed_addresses_open_nothing(browser: Browser) -> None:
    await login(browser)
    good = browser.client.cookies["qunbiao"]
    letters, _, sign = good.partition(".")
    for bad in (letters, f"{letters}.", f"{letters}.{sign[:-1]}x", f"x{letters[1:]}.{sign}", "é.é"):
        answer = await browser.client.get("/", headers={"Cookie": f"qunbiao={bad}".encode()})
        browser.client.cookies.clear()
        assert answer.status_code == 401
    for number in range(21):
        answer = await browser.client.post(f"/login/{number}", data={"x": "1"})
    assert answer.status_code == 429
    assert (await browser.client.get("/", headers={"Host": "evil.example"})).status_code == 421


async def test_the_console_logs_in_only_where_the_bot_lives_in_the_local_group(browser: Browser) -> None:
    sim = browser.sim

    def hand_out() -> str:
        return sim.database.write_sync(
            lambda uow: passes.issue(uow, passes.AT_MACHINE, passes.CONSOLE, sim.clock.at, DAY)
        )

    await browser.open(f"/login/{hand_out()}")
    await browser.press()
    assert "本机，运营总监" in await browser.open("/")
    kept = sim.house.settings
    wechat = {"puppet_token": "x", "puppet_endpoint": "127.0.0.1:1"}
    sim.house.settings = kept.model_copy(update=wechat)
    await browser.open("/")
    assert browser.status == 401
    await browser.open(f"/login/{hand_out()}")
    assert browser.status == 404


async def test_it_shows_how_things_stand(any_browser: Browser) -> None:
    browser = any_browser
    sim = browser.sim
    await sim.enter("小王", "小李")
    await sim.say("小王", "大家好", "今天读第三章")
    now = sim.clock.at
    rows = [
        OutboxRow("a", "recall", "direct", "小王", "秘密的话", now, now, status="unknown", reason="程序中断"),
        OutboxRow("b", "recall", "direct", "小李", "…", now, now, status="withheld", reason="对照组"),
    ]
    sim.database.write_sync(lambda uow: uow.outbox.add(row._replace(settled_at=now) for row in rows))
    await sim.advance(DAY)
    await sim.say("小李", "早")
    text = await login(browser)
    for part in (
        "在线",
        "自动",
        "1 人发言",
        "程序中断",
        "对照组",
        "每日评定",
        "完成",
        "样本不足",
        "标签成熟度",
        "<svg",
    ):
        assert part in text
    assert "秘密的话" not in text and "<script" not in text
    assert browser.page is not None and "script-src" not in browser.page.headers["content-security-policy"]


async def test_a_role_sees_what_it_may_and_its_looking_is_kept(browser: Browser) -> None:
    """One member is new, another with a name that means harm floods the group."""
    sim = browser.sim
    await sim.enter(EVIL)
    await sim.join("小王")
    for _ in range(6):
        await sim.say(EVIL, "快来看看这个特别好的东西吧朋友们")
    for who, role, sees in (("甲", "观察员", False), ("乙", "管理员", True), ("丙", "运营总监", True)):
        text = await login(browser, who, role)
        assert "新用户</span>" in text and ">小王</b>" in text and "入群" in text
        assert ("&lt;script&gt;" in text) is sees
        assert "<script" not in text and "\u202e" not in text
        assert ("<b>不足5</b>" in text) is not sees
        assert ("标签成熟度" in text) is sees
        read = sim.database.read(lambda uow: access.report(uow, sim.clock.at, sim.house.zone))
        kept = {row["subject"] for row in read["latest"] if (row["action"], row["actor"]) == ("网页看板", who)}
        assert {"小王"} <= kept and (EVIL in kept) is sees


def test_the_trend_is_todays_counts_walked_back() -> None:
    """Two joined on day 5 and one of them fell asleep on day 20."""
    moves = [(20 * DAY, "引入期", "沉默期"), *stage_chart.joined([(5 * DAY, False), (5 * DAY, False)])]
    ends = [day * DAY + DAY // 2 for day in range(30)]
    days = stage_chart.history({"引入期": 1, "沉默期": 1}, moves, ends)
    assert [sum(day.values()) for day in days] == [0] * 5 + [2] * 25
    assert [day.get("沉默期", 0) for day in days] == [0] * 20 + [1] * 10
    drawn = stage_chart.columns(days, ends, ZoneInfo("Asia/Shanghai"), STAGES)
    assert all(part.y >= 0 and part.y + part.height <= stage_chart.HEIGHT + 0.1 for one in drawn for part in one.parts)
    assert [len(one.parts) for one in drawn] == [0] * 5 + [1] * 15 + [2] * 10


async def test_the_address_at_this_machine_where_none_is_public(sqlite_url: str) -> None:
    async with browsing(sqlite_url, public=None) as browser:
        sim = browser.sim
        sim.appoint("老板", "观察员")
        assert "没有启动" in (await sim.direct("老板", "#看板 网页"))[-1].text
        sim.house.web_at = "http://127.0.0.1:8080"
        text = (await sim.direct("老板", "#看板 网页"))[-1].text
        found = re.search(r"http://127\.0\.0\.1:8080(/login/\S+)", text)
        assert found is not None
        answer = await browser.client.post(found[1], data={"x": ""}, headers={"Host": "127.0.0.1:8080"})
        assert isinstance(answer, httpx.Response) and answer.status_code == 303
        assert "Secure" not in answer.headers["set-cookie"]
