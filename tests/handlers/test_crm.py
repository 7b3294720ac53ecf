"""Webhooks to a CRM, against a real HTTP server: who consented, signed, once a change, again after a fault."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest
from pydantic import SecretStr

from bot.core.events import Event
from bot.core.instants import MINUTE, SECOND
from bot.services import erasure
from bot.services.intake import Prepared
from bot.services.people import keyed_hash
from handlers.jobs import crm
from handlers.jobs.spec import Schedule
from handlers.turn import record
from handlers.web.signature import demand
from tests.handlers.room import GROUP, Room

SECRET = "一把够长的钥匙"


class Crm:
    """The other side: keeps what it took and answers with `answers` in turn, then with 204."""

    def __init__(self) -> None:
        self.taken: list[tuple[dict[str, str], bytes]] = []
        self.answers: list[int] = []
        crm = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                crm.taken.append(({name.lower(): value for name, value in self.headers.items()}, body))
                self.send_response(crm.answers.pop(0) if crm.answers else 204)
                self.end_headers()

            def log_message(self, *args: Any) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/hook"

    def told(self) -> list[dict[str, Any]]:
        """The webhooks that came since one last asked."""
        found = [json.loads(body) for _, body in self.taken]
        self.taken = []
        return found


@pytest.fixture
def crm_side() -> Iterator[Crm]:
    side = Crm()
    yield side
    side.server.shutdown()
    side.server.server_close()


def connected(room: Room, side: Crm, **more: str) -> Room:
    told = {"crm_url": side.url, "secret": SecretStr(SECRET), **more}
    room.house.settings = room.house.settings.model_copy(update=told)
    return room


async def minute(room: Room, span: int = MINUTE) -> None:
    """Let it pass, and let the job run if it is due."""
    schedule = Schedule(room.house, (crm.JOB,))
    room.wait(span)
    await schedule.run_due(room.clock.at)


def agree(room: Room, member: str, granted: bool = True) -> None:
    room.wait(SECOND)
    body = {"purposes": ["share"], "granted": granted}
    event = Event("consent", f"c-{room.clock.at}", room.clock.at, member, GROUP, body)
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def values(told: dict[str, Any]) -> dict[str, str]:
    return {tag["path"]: tag["value"] for tag in told["tags"]}


async def test_only_who_agreed_is_told_of_and_each_change_once(any_room: Room, crm_side: Crm) -> None:
    room = connected(any_room, crm_side)
    room.join("wang", "li")
    await minute(room)
    assert crm_side.told() == [], "nobody agreed"
    agree(room, "wang")
    await minute(room)
    headers, body = crm_side.taken[0]
    demand(SECRET, headers, body, room.clock.at)
    (told,) = crm_side.told()
    assert (told["event"], told["key"]) == ("tags", keyed_hash(SECRET, "wang"))
    assert "wang" not in str(told)
    assert values(told)["生命周期/阶段"] == "引入期"
    assert "社交关系/邀请人" not in values(told)
    stage = next(tag for tag in told["tags"] if tag["path"] == "生命周期/阶段")
    assert (stage["source"], stage["rule"], stage["rule_set"]) == ("rule", "stage", 1)
    await minute(room)
    assert crm_side.told() == [], "nothing has changed"
    board(room)
    room.direct("boss", "#打标 wang 内容偏好/题材=科技")
    await minute(room)
    (told,) = crm_side.told()
    topic = next(tag for tag in told["tags"] if tag["path"] == "内容偏好/题材")
    assert (topic["value"], topic["source"]) == ("科技", "manual")
    assert "CRM 推送：送达 2，等待 0，失败 0" in board(room)


def board(room: Room) -> str:
    room.appoint("boss", "运营总监")
    return room.direct("boss", "#看板")


async def test_who_withdraws_or_is_forgotten_is_taken_back(any_room: Room, crm_side: Crm) -> None:
    room = connected(any_room, crm_side)
    room.join("wang", "li")
    for member in ("wang", "li"):
        agree(room, member)
    await minute(room)
    assert len(crm_side.told()) == 2
    agree(room, "wang", granted=False)
    await minute(room)
    assert [(one["event"], one["key"]) for one in crm_side.told()] == [("withdrawn", keyed_hash(SECRET, "wang"))]
    room.database.write_sync(lambda uow: erasure.forget(uow, "li", room.clock.at))
    await minute(room)
    assert [(one["event"], one["key"]) for one in crm_side.told()] == [("withdrawn", keyed_hash(SECRET, "li"))]
    agree(room, "wang")
    await minute(room)
    assert [one["event"] for one in crm_side.told()] == ["tags"]


async def test_a_fault_is_tried_again_later_each_time(room: Room, crm_side: Crm) -> None:
    room = connected(room, crm_side)
    room.join("wang")
    agree(room, "wang")
    crm_side.answers = [503, 500]
    await minute(room)
    assert len(crm_side.taken) == 1
    await minute(room, 30 * SECOND)
    assert len(crm_side.taken) == 1, "not before a minute"
    await minute(room, 2 * MINUTE)
    await minute(room, MINUTE)
    assert len(crm_side.taken) == 2, "then two minutes"
    await minute(room, 2 * MINUTE)
    deliveries = {headers["x-delivery"] for headers, _ in crm_side.taken}
    assert (len(crm_side.taken), len(deliveries)) == (3, 1)
    await minute(room, 10 * MINUTE)
    assert len(crm_side.taken) == 3


async def test_what_is_refused_is_not_sent_again_and_nobody_there_is_no_loss(room: Room, crm_side: Crm) -> None:
    room = connected(room, crm_side)
    room.join("wang", "li")
    agree(room, "wang")
    crm_side.answers = [410]
    await minute(room)
    await minute(room, 10 * MINUTE)
    assert len(crm_side.told()) == 1
    assert "失败 1" in board(room)
    crm_side.server.shutdown()
    crm_side.server.server_close()
    agree(room, "li")
    await minute(room)
    assert "等待 1" in board(room)


async def test_closely_kept_tags_need_the_role_and_another_system_its_own_ids(room: Room, crm_side: Crm) -> None:
    room = connected(room, crm_side, crm_role="运营总监", crm_system="shop")
    room.join("wang")
    agree(room, "wang")
    room.join("li")
    agree(room, "li")
    bound = Event("bind", "b", room.clock.at, "wang", None, {"system": "shop", "external_id": "S-1"})
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(bound)]))
    board(room)
    room.direct("boss", "#打标 wang 行为/消费转化=高")
    await minute(room)
    (told,) = crm_side.told()
    assert told["key"] == keyed_hash(SECRET, "S-1"), "li is unknown there"
    assert values(told)["行为/消费转化"] == "高"
    connected(room, crm_side, crm_role="观察员", crm_system="shop")
    await minute(room)
    (told,) = crm_side.told()
    assert "行为/消费转化" not in values(told), "by other terms everybody is told of anew"
