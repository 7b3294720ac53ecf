"""Sending, reconnecting, stopping, and two bots side by side."""

from __future__ import annotations

import asyncio
import logging
import time
from functools import partial
from pathlib import Path

import pytest

from bot.core.attachments import Card, Image, Link
from bot.core.instants import SECOND
from bot.localgroup.clock import LocalClock
from bot.localgroup.group import LocalGroup
from bot.localgroup.puppet import LocalPuppet
from bot.ports import (
    Address,
    ConnectionHeard,
    EchoHeard,
    GroupEntered,
    Heard,
    MessageHeard,
    Person,
    SendRefused,
    SendUnknown,
    ThrottleHeard,
)
from bot.wechat.adapter import WechatyChat
from bot.wechat.endings import ABSENT
from bot.wechat.inbox import Inbox
from bot.wechat.library import GRPCError, Status, WechatyPuppetError
from bot.wechat.sender import is_refusal
from bot.wechat.telling import Telling, Time
from tests.wechat.ears import MORNING, Ears, listening, no_pause

GROUP = Address("group", "测试群")


async def test_a_group_message_shows_its_mentions() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王", "小李"])) as ears:
        said: list[tuple[Address, str, tuple[str, ...]]] = []
        ears.group.subscribe(lambda *what: said.append(what))
        message = await ears.chat.send(GROUP, "欢迎", ["小王", "小李"])
        assert said == [(GROUP, "@小王\u2005@小李 欢迎", ("小王", "小李"))]
        assert message in ears.group.world.messages


async def test_an_own_message_comes_back_as_an_echo_of_the_same_id_and_place() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"], ["小李"])) as ears:
        for to, said in ((GROUP, "@小王 欢迎"), (Address("direct", "小李"), "你好")):
            id_ = await ears.chat.send(to, said)
            await ears.chat.idle()
            echo = ears.of(EchoHeard)[-1]
            assert (echo.id, echo.to, echo.text) == (id_, to, said)
        assert ears.of(MessageHeard) == []


async def test_a_direct_message_needs_a_friend() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"], ["小李"])) as ears:
        assert await ears.chat.send(Address("direct", "小李"), "你好")
        with pytest.raises(SendRefused):
            await ears.chat.send(Address("direct", "小王"), "你好")


@pytest.mark.parametrize(("to", "text"), [(Address("group", "没有的群"), "在"), (GROUP, "  ")])
async def test_what_cannot_be_sent_is_refused(to: Address, text: str) -> None:
    async with listening() as ears:
        with pytest.raises(SendRefused):
            await ears.chat.send(to, text)


async def test_sending_before_the_login_is_refused() -> None:
    clock = LocalClock(MORNING)
    chat = WechatyChat(LocalGroup(clock).puppet, clock)
    with pytest.raises(SendRefused):
        await chat.send(GROUP, "早")


@pytest.mark.parametrize(
    ("error", "refused"),
    [
        (GRPCError(Status.NOT_FOUND), True),
        (GRPCError(Status.UNAUTHENTICATED), True),
        (GRPCError(Status.INTERNAL), False),
        (GRPCError(Status.UNAVAILABLE), False),
        (ConnectionRefusedError(), True),
        (ConnectionResetError(), False),
        (TimeoutError(), False),
        (WechatyPuppetError("?"), False),
    ],
)
def test_only_a_proof_makes_a_refusal(error: Exception, refused: bool) -> None:
    assert is_refusal(error) is refused


async def test_a_broken_send_is_unknown_and_its_throttle_is_heard(monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object, **__: object) -> str:
        raise GRPCError(Status.INTERNAL, "操作过于频繁，可稍后再试")

    monkeypatch.setattr(LocalPuppet, "message_send_text", broken)
    async with listening() as ears:
        with pytest.raises(SendUnknown, match=r"^不知是否送达：操作过于频繁$"):
            await ears.chat.send(GROUP, "在")
        await ears.chat.idle()
        assert len(ears.of(ThrottleHeard)) == 1


@pytest.mark.parametrize(
    ("error", "told"),
    [
        (GRPCError(Status.PERMISSION_DENIED, "secret-token"), "平台拒绝：没有权限"),
        (GRPCError(Status.NOT_FOUND), "平台拒绝：没有这个会话"),
        (GRPCError(Status.UNAVAILABLE), "不知是否送达：连接断开"),
        (GRPCError(Status.INTERNAL, "secret-token"), "不知是否送达：网关错误 INTERNAL"),
        (TimeoutError(), "不知是否送达：20 秒内没有回答"),
        (ConnectionResetError(), "不知是否送达：连接断开"),
    ],
)
async def test_a_failure_is_told_as_a_kind_never_in_the_gateways_words(
    monkeypatch: pytest.MonkeyPatch, error: Exception, told: str
) -> None:
    async def broken(*_: object, **__: object) -> str:
        raise error

    monkeypatch.setattr(LocalPuppet, "message_send_text", broken)
    async with listening() as ears:
        with pytest.raises((SendUnknown, SendRefused)) as failure:
            await ears.chat.send(GROUP, "在")
        assert str(failure.value) == told


async def test_a_cut_connection_comes_back_and_says_so() -> None:
    async with listening(before=lambda group: group.seed("测试群", ["小王"])) as ears:
        ears.group.cut()
        async with asyncio.timeout(2):
            await ears.down.wait()
        await ears.chat.logged_in()
        await ears.chat.idle()
        assert [heard.state for heard in ears.of(ConnectionHeard)] == ["up", "down", "up"]
        assert len(ears.of(GroupEntered)) == 2
        await ears.group.say("小王", "还在吗")
        assert (await ears.message()).text == "还在吗"


async def test_a_gateway_that_is_not_there_is_tried_again_and_reported_once() -> None:
    clock = LocalClock(MORNING)
    group = LocalGroup(clock)
    tries = 0

    def flaky() -> LocalPuppet:
        nonlocal tries
        tries += 1
        if tries <= 3:
            raise ConnectionRefusedError("密钥 abc")
        return group.puppet()

    ears = Ears(group, clock, WechatyChat(flaky, clock, sleep=no_pause))
    await ears.chat.start(ears.listen)
    await ears.chat.logged_in()
    await ears.chat.stop()
    states = [(heard.state, heard.account, heard.reason) for heard in ears.of(ConnectionHeard)]
    assert states == [("down", None, ABSENT.told), ("up", "qunbiao", "")]
    assert tries == 4


async def test_stopping_is_quick_and_leaves_no_task() -> None:
    before = asyncio.all_tasks()
    async with listening() as ears:
        await ears.group.say("小王", "最后一句")
        began = time.monotonic()
        await ears.chat.stop()
        assert time.monotonic() - began < 5
        assert asyncio.all_tasks() == before
        assert ears.of(MessageHeard)[-1].text == "最后一句"
        await ears.chat.stop()


async def test_a_stuck_handler_and_a_stuck_gateway_cannot_hold_up_a_stop(monkeypatch: pytest.MonkeyPatch) -> None:
    async def stuck(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.wechat.adapter._LAST_WORDS", 0.01)
    monkeypatch.setattr("bot.wechat.adapter._CLOSING", 0.01)
    monkeypatch.setattr(LocalPuppet, "stop", stuck)
    before = asyncio.all_tasks()
    async with listening() as ears:
        monkeypatch.setattr(ears, "heard", [])
        ears.chat._listener = stuck
        await ears.group.say("小王", "卡住")
        await ears.chat.stop()
        assert asyncio.all_tasks() == before


async def test_a_stopped_chat_can_start_again() -> None:
    async with listening() as ears:
        await ears.chat.stop()
        await ears.chat.start(ears.listen)
        await ears.chat.logged_in()
        await ears.group.say("小王", "又来了")
        assert (await ears.message()).text == "又来了"


async def test_two_bots_in_one_process_do_not_mix() -> None:
    async with listening("甲群") as first, listening("乙群") as second:
        first.group.world.contact("小王").name = "甲群的小王"
        await first.group.say("小王", "甲")
        await second.group.say("小王", "乙")
        assert (await first.message()).sender.name == "甲群的小王"
        assert (await second.message()).sender.name == "小王"
        assert [m.text for m in first.of(MessageHeard)] == ["甲"]


async def test_nothing_is_written_where_the_bot_runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = tmp_path.iterdir
    monkeypatch.chdir(tmp_path)
    async with listening() as ears:
        await ears.group.say("小王", "在")
        await ears.chat.send(GROUP, "在")
    assert list(found()) == []


async def test_no_log_holds_a_message(caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]) -> None:
    with caplog.at_level(logging.DEBUG):
        async with listening() as ears:
            await ears.group.say("小王", "密语七八九")
            await ears.chat.send(GROUP, "回复七八九", ["小王"])
            ears.group.cut()
    assert "七八九" not in caplog.text + "".join(capfd.readouterr())


async def test_a_full_inbox_holds_the_speaker_back_instead_of_losing() -> None:
    async with listening(bound=5) as ears:
        async with asyncio.timeout(5):
            for number in range(50):
                await ears.group.say("小王", str(number))
        await ears.chat.idle()
        assert [m.text for m in ears.of(MessageHeard)] == [str(n) for n in range(50)]
        assert ears.chat.lost == 0


def test_a_full_inbox_counts_what_it_refuses() -> None:
    async def handle(_: object) -> None:
        return None

    inbox = Inbox(handle, bound=2)
    assert [inbox.offer(n) for n in range(3)] == [True, True, False]
    assert inbox.lost == 1


async def test_a_picture_and_cards_are_shown_and_echoed(tmp_path: Path) -> None:
    (tmp_path / "rules.png").write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(2_000))
    async with listening() as ears:
        await ears.group.befriend("小王")
        said: list[str] = []
        ears.group.subscribe(lambda to, text, mentions: said.append(text))
        await ears.chat.show(GROUP, Image("群规", str(tmp_path / "rules.png")))
        await ears.chat.show(Address("direct", "小王"), Link("报名", "https://example.com", "见面"))
        await ears.chat.show(GROUP, Card("店长", "小王"))
        with pytest.raises(SendRefused):
            await ears.chat.show(GROUP, Card("店长", "没有这个人"))
        await ears.chat.idle()
        assert said == ["[图片] rules.png（2 KB）", "[链接] 见面 https://example.com", "[名片] 小王"]
        assert [echo.kind for echo in ears.of(EchoHeard)] == ["image", "link", "card"]


async def test_a_long_text_goes_out_in_portions() -> None:
    async with listening() as ears:
        said: list[str] = []
        ears.group.subscribe(lambda to, text, mentions: said.append(text))
        sentence = "这一句正好有十来个字，不长不短。"
        await ears.chat.send(GROUP, sentence * 100)
        assert "".join(said) == sentence * 100
        assert len(said) == 2
        assert all(text.endswith("。") for text in said)


async def test_what_came_while_the_process_stood_still_is_heard_in_order(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.wechat.sequence.WINDOW", -1.0)  # every alarm is a second late
    rung: asyncio.Future[Time] = asyncio.get_running_loop().create_future()
    told: list[Heard] = []
    telling = Telling(rung.set_result)
    telling.listener = partial(_note, told)
    at = [MessageHeard(f"m{n}", MORNING + n * SECOND, Person("甲"), "读书会", "") for n in range(3)]
    await telling.hear([at[2], at[0]])
    for _ in range(3):
        await asyncio.sleep(0)
    assert not rung.done(), "first it is read what may have come meanwhile"
    await telling.hear([at[1]])
    await telling.time(await rung)
    assert told == [at[2], at[0], at[1]]


async def _note(told: list[Heard], heard: Heard) -> None:
    told.append(heard)
