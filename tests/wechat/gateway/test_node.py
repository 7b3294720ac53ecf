"""The bot's own adapter against a gateway that nobody here wrote: wechaty-puppet-service under Node, both lines."""

from __future__ import annotations

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest

from bot.core.attachments import MOST_BYTES, Card, Image, Link
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.ports import (
    Address,
    ConnectionHeard,
    EchoHeard,
    GroupEntered,
    LeaveHeard,
    MessageHeard,
    SendRefused,
    SendUnknown,
)
from bot.wechat import gateway as gateway_module
from bot.wechat.adapter import WechatyChat
from bot.wechat.endings import ABSENT, BUSY, WRONG_TOKEN
from bot.wechat.gateway import gateway_factory
from tests.wechat.ears import Ears
from tests.wechat.gateway.node import LINES, NodeGateway, missing, node_gateway

ROOM = "读书会@chatroom"
GROUP = Address("group", ROOM)
PNG = b"\x89PNG\r\n\x1a\n"


@pytest.fixture(params=LINES)
async def gateway(request: pytest.FixtureRequest) -> AsyncIterator[NodeGateway]:
    """A gateway of each line."""
    if why := missing(request.param):
        pytest.skip(why)
    async with node_gateway(request.param) as one:
        yield one


async def short_pause(_seconds: float) -> None:
    """A reconnect pause that leaves the gateway time to let go of the last connection."""
    await asyncio.sleep(0.1)


def ears_at(gateway: NodeGateway, token: str | None = None) -> Ears:
    clock = LocalClock()
    chat = WechatyChat(gateway_factory(token or gateway.token, gateway.endpoint), clock, sleep=short_pause)
    return Ears(LocalGroup(clock), clock, chat)


@asynccontextmanager
async def hearing(gateway: NodeGateway) -> AsyncIterator[Ears]:
    """A bot that is logged in and knows its group."""
    await gateway.settle("login", id="bot")
    ears = ears_at(gateway)
    await ears.chat.start(ears.listen)
    try:
        await until(lambda: ears.of(GroupEntered))
        yield ears
    finally:
        await ears.chat.stop()


async def until(holds: Callable[[], Any], within: float = 20) -> None:
    async with asyncio.timeout(within):
        while not holds():  # noqa: ASYNC110 - the other side is a process, which sets no event of ours
            await asyncio.sleep(0.005)


async def say(gateway: NodeGateway, number: str, text: str, **more: Any) -> None:
    await gateway.ask("message", **{"id": number, "from": "甲", "room": ROOM, "text": text, **more})


def states(ears: Ears) -> list[str]:
    return [heard.state for heard in ears.of(ConnectionHeard)]


async def test_it_hears_and_speaks(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        await say(gateway, "m1", "你好")
        await say(gateway, "m1", "你好")
        await say(gateway, "m2", "早")
        await until(lambda: len(ears.of(MessageHeard)) == 2)
        first = ears.of(MessageHeard)[0]
        assert (first.id, first.text, first.sender.name, first.group_name) == ("m1", "你好", "甲", "读书会")
        message = await ears.chat.send(GROUP, "欢迎", ["甲"])
        await until(lambda: gateway.sent)
        assert message == gateway.sent[0]["id"]
        assert gateway.sent[0]["text"] == "@甲 欢迎" and gateway.sent[0]["mentions"] == ["甲"]
        await ears.chat.remove(ROOM, "乙")
        await until(lambda: ears.of(LeaveHeard))
        assert ears.of(LeaveHeard)[0].people[0].id == "乙"
        await until(lambda: ears.of(EchoHeard))
        assert [(echo.id, echo.to) for echo in ears.of(EchoHeard)] == [(message, GROUP)]
        assert len(ears.of(MessageHeard)) == 2, "its own words come back and are nobody's"


async def test_a_killed_gateway_comes_back_with_its_groups(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        await gateway.kill()
        await until(ears.down.is_set)
        with pytest.raises(SendRefused):
            await ears.chat.send(GROUP, "在吗")
        await gateway.start()
        await until(lambda: len(ears.of(GroupEntered)) == 2)
        await say(gateway, "m9", "又好了")
        await until(lambda: ears.of(MessageHeard))
        assert states(ears) == ["up", "down", "up"]


async def test_a_hung_gateway_is_noticed(gateway: NodeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    quick = replace(
        gateway_module._KEEPALIVE,
        _keepalive_time=0.3,
        _keepalive_timeout=0.3,
        _http2_min_sent_ping_interval_without_data=0.1,
    )
    monkeypatch.setattr(gateway_module, "_KEEPALIVE", quick)
    async with hearing(gateway) as ears:
        gateway.hang()
        await until(ears.down.is_set)
        gateway.resume()
        await until(lambda: states(ears)[-1] == "up" and len(ears.of(GroupEntered)) >= 2)


async def test_an_absent_gateway_is_waited_for(gateway: NodeGateway) -> None:
    await gateway.settle("login", id="bot")
    await gateway.kill()
    ears = ears_at(gateway)
    await ears.chat.start(ears.listen)
    await until(ears.down.is_set)
    assert ears.of(ConnectionHeard)[0].reason == ABSENT.told
    await gateway.start()
    await until(lambda: states(ears) == ["down", "up"])
    await ears.chat.stop()


async def test_a_wrong_token_is_told_and_never_shown(gateway: NodeGateway, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ears = ears_at(gateway, "puppet_wrong_77aa")
    await ears.chat.start(ears.listen)
    await until(ears.down.is_set)
    await ears.chat.stop()
    assert ears.of(ConnectionHeard)[0].reason == WRONG_TOKEN.told
    assert "puppet_wrong_77aa" not in caplog.text and gateway.token not in caplog.text


async def test_a_second_client_does_not_throw_the_first_out(gateway: NodeGateway) -> None:
    async with hearing(gateway) as first:
        second = ears_at(gateway)
        await second.chat.start(second.listen)
        await until(second.down.is_set)
        await second.chat.stop()
        assert second.of(ConnectionHeard)[0].reason == BUSY.told
        await say(gateway, "m1", "还在")
        await until(lambda: first.of(MessageHeard))
        assert states(first) == ["up"]


async def test_logout_and_relogin_on_one_connection(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        await gateway.ask("logout")
        await until(ears.down.is_set)
        with pytest.raises(SendRefused):
            await ears.chat.send(GROUP, "在吗")
        await gateway.ask("login", id="bot")
        await until(lambda: len(ears.of(GroupEntered)) == 2)
        assert states(ears) == ["up", "down", "up"]


async def test_garbage_and_errors_do_not_deafen(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        await gateway.ask("emit", event="error", payload={})
        await gateway.ask("emit", event="error", payload={"data": "坏", "gerror": "{}"})
        await gateway.ask("emit", event="message", payload={"messageId": "没有这条"})
        await say(gateway, "m0", "", type=99)
        await say(gateway, "m1", "")
        await say(gateway, "m2", "没有名字的人说话", **{"from": "无名"})
        await say(gateway, "m3", "最后")
        await until(lambda: ears.of(MessageHeard) and ears.of(MessageHeard)[-1].id == "m3")
        heard = {one.id: one for one in ears.of(MessageHeard)}
        assert set(heard) == {"m0", "m1", "m2", "m3"}
        assert (heard["m0"].kind, heard["m2"].sender.name) == ("emoji", "")


async def test_an_event_that_breaks_the_stream_is_survived(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        await gateway.ask("emit", event="room-join", payload={"anything": "else"})
        await gateway.ask("emit", event="message", payload={})
        await until(lambda: states(ears)[-1] == "up" and len(ears.of(GroupEntered)) >= 2)
        await say(gateway, "m1", "还在")
        await until(lambda: ears.of(MessageHeard))


async def test_a_group_of_500_that_vanishes(gateway: NodeGateway) -> None:
    people = [f"p{number}" for number in range(500)]
    await gateway.settle("room", id="大群@chatroom", topic="大群", members=["bot", *people])
    async with hearing(gateway) as ears:
        await until(lambda: len(ears.of(GroupEntered)) == 2)
        assert {len(one.people) for one in ears.of(GroupEntered)} == {2, 500}
        await gateway.ask("vanish", id="大群@chatroom")
        await say(gateway, "m1", "群没了", room="大群@chatroom")
        await say(gateway, "m2", "这个还在")
        await until(lambda: len(ears.of(MessageHeard)) == 2)


async def test_talk_that_comes_out_of_order_is_heard_in_order(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        now = 1_772_300_000
        for number, second in enumerate((1, 0, 4, 2, 3, 6, 5, 7)):
            await say(gateway, f"m{number}", str(second), at=now + second)
        await until(lambda: len(ears.of(MessageHeard)) == 8)
        assert [m.text for m in ears.of(MessageHeard)] == ["1", "0", "2", "3", "4", "5", "6", "7"]


async def test_a_send_that_is_refused_or_never_answered(gateway: NodeGateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wechat.sender.TIME_LIMIT", 0.2)
    async with hearing(gateway) as ears:
        await gateway.ask("refuse", reason="微信说不行")
        with pytest.raises(SendUnknown):
            await ears.chat.send(GROUP, "一")
        await gateway.ask("silence", on=True)
        with pytest.raises(SendUnknown):
            await ears.chat.send(GROUP, "二")
        await gateway.ask("silence", on=False)
        assert await ears.chat.send(GROUP, "三")
        await until(lambda: gateway.sent)
        assert [one["text"] for one in gateway.sent] == ["三"]


@pytest.mark.parametrize("size", [40_000, MOST_BYTES])
async def test_a_picture_arrives_as_it_is(gateway: NodeGateway, tmp_path: Path, size: int) -> None:
    content = PNG + Random(size).randbytes(size - len(PNG))
    path = tmp_path / "群规"
    path.write_bytes(content)
    async with hearing(gateway) as ears:
        message = await ears.chat.show(GROUP, Image("群规", str(path)))
        await until(lambda: ears.of(EchoHeard))
        sum_ = hashlib.sha256(content).hexdigest()
        assert gateway.sent == [{"id": message, "to": ROOM, "file": "群规.png", "bytes": size, "sum": sum_}]
        assert [(echo.id, echo.kind, echo.to) for echo in ears.of(EchoHeard)] == [(message, "image", GROUP)]


async def test_cards_arrive_and_one_that_the_puppet_drops_is_not_believed(gateway: NodeGateway) -> None:
    link = Link("报名", "https://example.com/a?b=1", "周末线下见", "名额三十人")
    async with hearing(gateway) as ears:
        await ears.chat.show(GROUP, link)
        await ears.chat.show(Address("direct", "乙"), Card("店长", "甲"))
        await until(lambda: len(gateway.sent) == 2)
        told = {"url": link.url, "title": link.title, "description": link.description}
        assert {key: value for key, value in gateway.sent[0]["link"].items() if value} == told
        assert (gateway.sent[1]["to"], gateway.sent[1]["contact"]) == ("乙", "甲")
        await until(lambda: len(ears.of(EchoHeard)) == 2)
        assert [echo.kind for echo in ears.of(EchoHeard)] == ["link", "card"]
        await gateway.ask("plain", on=True)
        for attachment in (link, Card("店长", "甲")):
            with pytest.raises(SendUnknown, match="没有给出消息编号"):
                await ears.chat.show(GROUP, attachment)


async def test_a_picture_that_is_gone_or_refused_is_not_half_sent(gateway: NodeGateway, tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    async with hearing(gateway) as ears:
        for content, why in ((None, "读不了"), (b"GIF87", "不是 PNG"), (PNG + bytes(MOST_BYTES), "最多 4 MB")):
            if content is not None:
                path.write_bytes(content)
            with pytest.raises(SendRefused, match=why):
                await ears.chat.show(GROUP, Image("群规", str(path)))
        path.write_bytes(PNG)
        await gateway.ask("refuse", reason="Wechaty Puppet Unsupported API Error.")
        with pytest.raises(SendRefused, match="网关不支持"):
            await ears.chat.show(GROUP, Image("群规", str(path)))
        await ears.chat.send(GROUP, "好")
        await until(lambda: gateway.sent)
        assert [one.get("text") for one in gateway.sent] == ["好"]


async def test_a_group_is_asked_anew_for_its_members_and_its_name(gateway: NodeGateway) -> None:
    async with hearing(gateway) as ears:
        before = await ears.chat.roster(ROOM)
        assert (before.group_name, {person.id for person in before.people}) == ("读书会", {"甲", "乙"})
        await gateway.settle("room", id=ROOM, topic="读书会二群", members=["bot", "甲", "丙"])
        after = await ears.chat.roster(ROOM)
        assert (after.group_name, {person.id for person in after.people}) == ("读书会二群", {"甲", "丙"})
