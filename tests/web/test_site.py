"""The web side from outside: signed facts are taken in once, everything else is refused in one JSON line."""

from __future__ import annotations

import json

import httpx
import pytest

from bot.core.instants import MINUTE, SECOND
from bot.ports import ConnectionHeard
from handlers.web.door import MOST_BYTES
from handlers.web.server import WebServer
from tests.sim import NINE
from tests.web.shop import Shop

ORDER = {"type": "order", "id": "o1", "at": "2026-03-01T10:00:00+08:00", "member": "小王", "order": "A1"}


async def test_a_signed_fact_is_taken_in_once(any_shop: Shop) -> None:
    order = {**ORDER, "amount_yuan": 88}
    first = await any_shop.events(order)
    plain = {"Content-Type": "application/x-www-form-urlencoded"}  # what curl says of any body
    second = (await any_shop.post("/api/events", json.dumps(order).encode(), **plain)).json()
    assert (first["new"], first["duplicate"]) == (1, 0)
    assert (second["new"], second["duplicate"]) == (0, 1)
    assert any_shop.sim.tags("小王")["消费能力/客单价"] == "<200元"


async def test_bad_lines_are_named_and_the_others_kept(shop: Shop) -> None:
    told = await shop.events([1], {**ORDER, "amount_yuan": -1}, {**ORDER, "amount_yuan": 5}, {"type": "?"})
    assert (told["read"], told["new"], told["rejected"]) == (4, 1, 3)
    assert [error["line"] for error in told["errors"]] == [1, 2, 4]
    assert "amount_yuan" in told["errors"][1]["reason"]


async def test_a_fact_of_the_future_is_refused(shop: Shop) -> None:
    now = shop.sim.clock.at // SECOND
    lines = [{**ORDER, "amount_yuan": 5, "at": now + late, "id": f"at{late}"} for late in (0, 300, 301, 400 * 86_400)]
    told = await shop.events(*lines)
    assert (told["new"], [error["line"] for error in told["errors"]]) == (2, [3, 4])
    assert "将来" in told["errors"][0]["reason"]


@pytest.mark.parametrize(
    ("type_", "rest"),
    [
        ("grant", {"role": "运营总监"}),
        ("revoke", {"role": "运营总监"}),
        ("consent", {"purposes": ["marketing"], "granted": True}),
        ("followers", {"count": 60_000}),
    ],
)
async def test_nobody_gains_a_right_over_http(shop: Shop, type_: str, rest: dict[str, object]) -> None:
    told = await shop.events({"type": type_, "id": "x", "at": ORDER["at"], "member": "小王", **rest})
    assert (told["new"], told["rejected"]) == (0, 1)
    assert "不能经 HTTP" in told["errors"][0]["reason"]
    assert shop.sim.database.read(lambda uow: uow.events.known(["x"])) == set()


async def test_forged_stale_and_unsigned_requests_change_nothing(shop: Shop) -> None:
    body = json.dumps({**ORDER, "amount_yuan": 5}).encode()
    answers = [
        await shop.post("/api/events", body, secret="falsch"),
        await shop.post("/api/events", body, late=5 * MINUTE + SECOND),
        await shop.post("/api/events", body, late=-5 * MINUTE - SECOND),
        await shop.client.post("/api/events", content=body),
    ]
    assert [answer.status_code for answer in answers] == [401] * 4
    assert [answer.json()["error"][:2] for answer in answers] == ["签名", "X-", "X-", "缺少"]
    assert shop.sim.database.read(lambda uow: uow.events.known(["o1"])) == set()


async def test_bodies_nobody_can_read_are_refused(shop: Shop) -> None:
    answers = [
        await shop.post("/api/events", b" " * (MOST_BYTES + 1)),
        await shop.post("/api/events", b"{}", **{"Content-Type": "image/png"}),
        await shop.post("/api/events", "\ufeffa".encode("utf-16-le")),
        await shop.post("/api/events", b"\x1f\x8b\x08"),
        await shop.client.get("/api/events"),
        await shop.client.get("/anything"),
    ]
    assert [answer.status_code for answer in answers] == [413, 415, 400, 400, 405, 404]
    assert all(list(answer.json()) == ["error"] for answer in answers)


async def test_without_a_secret_the_door_stays_shut(shop: Shop) -> None:
    shop.sim.house.settings = shop.sim.house.settings.model_copy(update={"secret": None})
    answer = await shop.post("/api/events", b"{}")
    assert (answer.status_code, answer.json()["error"][:2]) == (503, "没有")


async def test_a_shop_tells_of_orders_in_its_own_way(shop: Shop) -> None:
    order = {"at": ORDER["at"], "member": "小王", "order": "A7", "amount_yuan": 900}
    assert (await shop.post("/hooks/orders", json.dumps(order).encode())).json()["new"] == 1
    assert shop.sim.tags("小王")["消费能力/客单价"] == ">500元"
    refund = {"type": "refund", "at": "2026-03-01T11:00:00+08:00", "member": "小王", "order": "A7"}
    assert (await shop.post("/hooks/orders", json.dumps(refund).encode())).json()["new"] == 1
    assert "消费能力/客单价" not in shop.sim.tags("小王")
    spoken = {**order, "type": "message", "text": "买买买"}
    assert (await shop.post("/hooks/orders", json.dumps(spoken).encode())).json()["rejected"] == 1


async def test_health_says_whether_the_account_hears(shop: Shop) -> None:
    up = await shop.client.get("/healthz")
    assert (up.status_code, up.json()["connection"]["state"]) == (200, "up")
    assert {"behind", "last_sweep", "outbox", "mode"} <= up.json().keys()
    (account,) = up.json()["accounts"]
    assert (account["account"], account["state"], account["speaks_in"]) == ("bot", "up", [])
    await shop.sim.hear(ConnectionHeard(NINE + MINUTE, "down", "bot", "对方结束"))
    down = await shop.client.get("/healthz")
    assert (down.status_code, down.json()["connection"]["reason"]) == (503, "对方结束")


async def test_metrics_count_messages_and_sends(shop: Shop) -> None:
    await shop.sim.enter("老张")
    await shop.sim.say("老张", "大家好", "今天读第三章")
    lines = (await shop.client.get("/metrics")).text.splitlines()
    assert "qunbiao_messages_total 2.0" in lines
    assert 'qunbiao_sends_total{kind="notice",outcome="sent"} 1.0' in lines
    assert 'qunbiao_outbox{state="sent"} 1.0' in lines
    assert "qunbiao_connected 1.0" in lines
    assert 'qunbiao_account_up{account="bot"} 1.0' in lines


async def test_a_taken_port_is_told_and_kills_nothing(shop: Shop) -> None:
    first = WebServer(shop.site)
    assert await first.start() is None
    assert first.address is not None
    port = int(first.address.rpartition(":")[2])
    shop.sim.house.settings = shop.sim.house.settings.model_copy(update={"http_port": port})
    second = WebServer(shop.site)
    assert f":{port} 用不了" in (await second.start() or "")
    async with httpx.AsyncClient(base_url=first.address) as client:
        assert (await client.get("/healthz")).json()["ok"] is True
    await second.stop()
    await first.stop()
    assert first.address is None
