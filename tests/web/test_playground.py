"""The embedded group in a browser: the terminal's own group, at this machine, and nowhere else."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx
import pytest

from bot.cli.live import _local
from bot.core.instants import DAY
from bot.localgroup.clock import LocalClock
from handlers.web.app import build
from handlers.web.site import Site
from storage.database import Database
from tests.handlers.room import NOON, house_on
from tests.web.browser import Browser

EVIL = "<img src=x onerror=alert(1)>\u202e"


@pytest.fixture
async def local(sqlite_url: str) -> AsyncIterator[tuple[Site, httpx.AsyncClient]]:
    """The local group as `run` builds it, its clock standing still."""
    database = Database(sqlite_url)
    clock = LocalClock(NOON, still=True)
    house = house_on(database, clock)  # type: ignore[arg-type]
    _, runtime, player = await _local(house, clock, driven=True)
    await runtime.start()
    await player.begin()
    site = Site(house, runtime.take, runtime.put_right, lambda: 0, lambda: None, runtime.stage)
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(build(site)), base_url="http://127.0.0.1:8080"
    ) as client:
        yield site, client
    await runtime.stop()
    database.close()


async def play(client: httpx.AsyncClient, line: str) -> str:
    answer = await client.post("/playground/line", json={"line": line})
    assert answer.status_code == 200
    refused: str = answer.json()["refused"]
    return refused


async def test_people_speak_and_time_goes_on(local: tuple[Site, httpx.AsyncClient]) -> None:
    site, client = local
    page = await client.get("/playground")
    policy = page.headers["content-security-policy"]
    assert "script-src 'nonce-" in policy and "unsafe" not in policy and "http" not in policy
    before = site.house.now()
    for line in ("小王: 大家好", "+小李 扫码", "小李 > 我的标签", f"小王: {EVIL}", "@time +1d"):
        assert await play(client, line) == ""
    told = (await client.get("/playground/since/0")).json()
    said = [(entry["who"], entry["to"], entry["by_bot"]) for entry in told["entries"]]
    assert ("小王", None, False) in said and ("小李", "小李", False) in said and ("群标", "小李", True) in said
    assert [entry["number"] for entry in told["entries"]] == list(range(1, len(said) + 1))
    assert any("加入群聊" in entry["text"] for entry in told["entries"])
    assert {(one["id"], one["here"], one["friend"]) for one in told["people"]} == {
        ("小王", True, False),
        ("小李", True, True),
    }
    assert site.house.now() >= before + DAY
    last = told["entries"][-1]["number"]
    assert (await client.get(f"/playground/since/{last}")).json()["entries"] == []
    assert site.house.database.read(lambda uow: uow.members.get("小李")) is not None


async def test_what_cannot_be_played_is_said_in_words(local: tuple[Site, httpx.AsyncClient]) -> None:
    _, client = local
    assert "看不懂" in await play(client, "小王")
    assert "不在群" in await play(client, "-小王")
    assert "最多" in await play(client, "小王: " + "长" * 2000)
    assert "身份" in await play(client, "群标: 我是机器人")
    for body in ({"text": "x"}, {"line": 1}, [1]):
        assert (await client.post("/playground/line", json=body)).status_code == 400


async def test_other_sites_and_other_names_cannot_play(local: tuple[Site, httpx.AsyncClient]) -> None:
    site, client = local
    line = {"line": "小王: 大家好"}
    tries = [
        await client.post("/playground/line", json=line, headers={"Host": "evil.example"}),
        await client.get("/playground/since/0", headers={"Host": "evil.example"}),
        await client.post("/playground/line", data=line),
        await client.post("/playground/line", content='{"line": "小王: 你好"}', headers={"Content-Type": "text/plain"}),
        await client.post("/playground/line", json=line, headers={"Sec-Fetch-Site": "cross-site"}),
    ]
    assert [answer.status_code for answer in tries] == [421, 421, 403, 403, 403]
    alone = site.house.settings
    for reachable in ({"http_host": "0.0.0.0"}, {"public_url": "https://bot.example"}):  # asks for a login
        site.house.settings = alone.model_copy(update=reachable)
        assert (await client.get("/playground")).status_code == 404
    assert site.house.database.read(lambda uow: uow.members.get("小王")) is None


async def test_there_is_none_on_wechat(browser: Browser) -> None:
    for path in ("/playground", "/playground/since/0"):
        await browser.open(path)
        assert browser.status == 404
    assert (await browser.client.post("/playground/line", json={"line": "小王: 大家好"})).status_code == 404
