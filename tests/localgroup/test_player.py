"""Scripts and the terminal, with the real adapter listening."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from bot.core.instants import DAY, SECOND, Instant
from bot.errors import BadInput
from bot.localgroup.player import Player
from bot.localgroup.terminal import converse
from bot.localgroup.transcript import said_line
from bot.ports import Address, EchoHeard, FriendHeard, GroupEntered, JoinHeard, LeaveHeard, MessageHeard, WithdrawHeard
from tests.wechat.ears import MORNING, Ears, listening


@dataclass
class Stage:
    ears: Ears
    player: Player
    shown: list[str]
    trips: list[Instant]


@asynccontextmanager
async def stage() -> AsyncIterator[Stage]:
    """A bot that answers 「在吗」 by its settle step, and a player whose lines are collected."""
    async with listening() as ears:
        shown: list[str] = []
        trips: list[Instant] = []
        answered = 0

        async def settle() -> None:
            nonlocal answered
            asked = [m for m in ears.of(MessageHeard) if m.text == "在吗"]
            while answered < len(asked):
                answered += 1
                await ears.chat.send(Address("group", "测试群"), "在的", [asked[-1].sender.id])

        async def advance(to: Instant) -> None:
            trips.append(to)

        ears.group.subscribe(lambda to, text, _: shown.append(said_line(to, text)))
        player = Player(ears.group, ears.clock, ears.chat, settle, advance, shown.append)
        yield Stage(ears, player, shown, trips)


async def test_a_script_is_played_in_order_and_printed() -> None:
    script = """\
# 第一天
小王: 大家好
+小李 扫码
小李: 在吗

小李 > 悄悄话
-小李
@withdraw 小王
@time +8d
@group 新群
小王@: 28
""".splitlines(keepends=True)
    async with stage() as here:
        await here.player.play(script)
        assert here.shown == [
            "小王: 大家好",
            "（小李 加入群聊，扫码）",
            "小李: 在吗",
            "群标 → 群「测试群」: @小李 在的",
            "小李 → 群标: 悄悄话",
            "（小李 退出群聊）",
            "（小王 撤回了一条消息）",
            "（时间来到 2026-03-09 09:00:06）",
            "（群「新群」）",
            "小王: @群标 28",
        ]
        told = [heard for heard in here.ears.heard[3:] if not isinstance(heard, EchoHeard)]
        kinds = [type(heard) for heard in told]
        assert kinds == [
            MessageHeard,
            JoinHeard,
            MessageHeard,
            FriendHeard,
            MessageHeard,
            LeaveHeard,
            WithdrawHeard,
            GroupEntered,
            MessageHeard,
        ]
        times = [heard.at for heard in told]
        assert times == sorted(times)
        assert times[0] == MORNING + SECOND
        assert here.trips == [MORNING + 6 * SECOND + 8 * DAY]


@pytest.mark.parametrize(
    ("lines", "number"),
    [
        (["小王: 好", "乱写"], 2),
        (["-小王"], 1),
        (["小王: 好", "+小王"], 2),
        (["@withdraw 小王"], 1),
        (["群标: 我是群标"], 1),
        (["@time 2020-01-01T00:00+08:00"], 1),
        (["@time +999999w"], 1),
        (["小王: 好", "@group 小王"], 2),
    ],
)
async def test_a_bad_line_is_refused_with_its_number(lines: list[str], number: int) -> None:
    async with stage() as here:
        with pytest.raises(BadInput, match=f"^第 {number} 行："):
            await here.player.play(lines)


async def test_a_script_that_cannot_be_read_is_not_begun() -> None:
    async with stage() as here:
        with pytest.raises(BadInput):
            await here.player.play(["小王: 好", "乱写"])
        assert here.shown == []


class Tty:
    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    def fileno(self) -> int:
        return self._descriptor

    def isatty(self) -> bool:
        return os.isatty(self._descriptor)


@pytest.fixture
def terminal() -> object:
    ours, theirs = os.openpty()
    yield ours, Tty(theirs)
    os.close(ours)
    os.close(theirs)


async def test_at_a_terminal_one_speaks_line_by_line(terminal: tuple[int, Tty]) -> None:
    ours, stdin = terminal
    async with stage() as here:
        os.write(ours, "小王: 在吗\n乱写\n小王: 好的\n/quit\n".encode())
        async with asyncio.timeout(5):
            assert await converse(here.player, stdin, here.shown.append)
        assert here.shown[0].startswith("在本地群里说话")
        assert here.shown[1:3] == ["小王: 在吗", "群标 → 群「测试群」: @小王 在的"]
        assert here.shown[3].startswith("第 2 行：")
        assert here.shown[4] == "小王: 好的"


async def test_end_of_file_ends_the_conversation(terminal: tuple[int, Tty]) -> None:
    ours, stdin = terminal
    async with stage() as here:
        os.write(ours, b"\x04")
        async with asyncio.timeout(5):
            assert await converse(here.player, stdin, here.shown.append)


async def test_without_a_terminal_nothing_is_read() -> None:
    reading, writing = os.pipe()
    async with stage() as here:
        assert not await converse(here.player, Tty(reading), here.shown.append)
        assert here.shown == []
    os.close(reading)
    os.close(writing)
