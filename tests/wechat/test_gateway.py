"""The way over gRPC, against a gateway on the loopback."""

from __future__ import annotations

import asyncio
import logging
import time

import pytest

from bot.core.instants import SECOND
from bot.errors import BadInput
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.ports import Address, FriendHeard, GroupEntered, MessageHeard, Person
from bot.wechat.adapter import WechatyChat
from bot.wechat.endpoint import address_of
from bot.wechat.gateway import gateway_factory
from tests.wechat.ears import MORNING, Ears, no_pause
from tests.wechat.gateway_double import gateway, wire

TOKEN = "puppet_padlocal_5e1f0c9ab"
EVENT = wire.EventType


def leaks(caplog: pytest.LogCaptureFixture) -> list[str]:
    """The loggers that wrote the token."""
    return [record.name for record in caplog.records if TOKEN in record.getMessage()]


def ears_at(endpoint: str) -> Ears:
    clock = LocalClock(MORNING, still=True)
    return Ears(LocalGroup(clock), clock, WechatyChat(gateway_factory(TOKEN, endpoint), clock, sleep=no_pause))


async def until(ears: Ears, count: int) -> None:
    """Let the loopback deliver until `count` things were heard."""
    async with asyncio.timeout(5):
        while len(ears.heard) < count:  # noqa: ASYNC110 - the other side is a socket, which sets no event of ours
            await asyncio.sleep(0.002)


async def test_a_gateway_is_heard_and_spoken_to(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("WECHATY_PUPPET_SERVICE_TOKEN", TOKEN)
    with caplog.at_level(logging.DEBUG):
        async with gateway() as (there, endpoint):
            ears = ears_at(endpoint)
            await ears.chat.start(ears.listen)
            there.tell(EVENT.EVENT_TYPE_LOGIN, contactId="bot")
            await until(ears, 3)
            assert ears.of(GroupEntered)[0].people == (Person("wang", "甲wang"),)

            seconds = MORNING // SECOND
            there.deliver(id="m1", type=7, text="你好", from_id="wang", room_id="room", timestamp=seconds)
            there.tell(EVENT.EVENT_TYPE_READY)
            there.deliver(id="m2", type=23, text="<new/>", from_id="wang", room_id="room", timestamp=seconds)
            there.tell(EVENT.EVENT_TYPE_ERROR)
            there.tell(EVENT.EVENT_TYPE_FRIENDSHIP, friendshipId="f1")
            await until(ears, 6)
            first, second = ears.of(MessageHeard)
            assert (first.text, first.at, first.group_name) == ("你好", MORNING, "读书会")
            assert (second.kind, second.text) == ("emoji", "")
            assert ears.of(FriendHeard)[0].person.id == "wang"
            assert there.friend_requests in ([None], [""])

            assert await ears.chat.send(Address("group", "room"), "欢迎", ["wang"]) == "sent-1"
            assert there.sent == [("room", "@甲wang 欢迎", ["wang"])]
            await ears.chat.stop()
    assert leaks(caplog) == []
    assert TOKEN not in "".join(capfd.readouterr())


async def test_a_closed_gateway_is_reported_and_tried_again(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    before = asyncio.all_tasks()
    async with gateway() as (_, endpoint):
        pass
    ears = ears_at(endpoint)
    began = time.monotonic()
    await ears.chat.start(ears.listen)
    async with asyncio.timeout(5):
        await ears.down.wait()
    await ears.chat.stop()
    assert time.monotonic() - began < 5
    assert asyncio.all_tasks() == before
    assert leaks(caplog) == []


@pytest.mark.parametrize("bad", ["", "localhost", "localhost:", ":9009", "h:99999", "h:0", "h:八"])
def test_a_bad_endpoint_is_refused(bad: str) -> None:
    with pytest.raises(BadInput):
        address_of(bad)


def test_good_endpoints() -> None:
    assert address_of("http://127.0.0.1:9009/") == ("127.0.0.1", 9009)
    assert address_of("[::1]:9009") == ("::1", 9009)


def test_a_missing_token_is_refused() -> None:
    with pytest.raises(BadInput):
        gateway_factory(" ", "127.0.0.1:9009")
