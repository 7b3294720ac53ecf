"""The judge of the soak finds what it is there to find, and nothing where all is well."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from random import Random

import pytest

from bot.core.instants import SECOND
from storage.rows import OutboxRow
from tests.soak import judge
from tests.soak.day import Day
from tests.soak.judge import Kept
from tests.soak.life import FastClock
from tests.soak.platform import Break, Platform, Told
from tests.wechat.gateway.node import NodeGateway

GROUP, NOW = "群0@chatroom", 1_000 * SECOND


def answer(status: str) -> OutboxRow:
    return OutboxRow("reply:1", "command", "direct", "甲", "在", NOW, NOW, reply=True, status=status)


def platform() -> Platform:
    one = Platform(NodeGateway("line0", port=1), Day(1, 1.0), FastClock(0, 0, 50), Random(1))
    one.told = [Told(f"m{n}", GROUP, n, NOW + n * SECOND) for n in range(4)]
    one.gateway.sent = [{"to": "甲", "text": "在"}]
    return one


def kept(*ids: str, status: str = "sent") -> Kept:
    members = {group: set(people) for group, people in Day(1, 1.0).members.items()}
    return Kept(tuple((id_, GROUP) for id_ in ids), (answer(status),), members)


def found(kept: Kept, where: Platform) -> str:
    return "\n".join(judge.findings(kept, where, 0, NOW + 3600 * SECOND))


def test_a_good_day_passes() -> None:
    assert found(kept("m0", "m1", "m2", "m3"), platform()) == ""


@pytest.mark.parametrize(
    ("ids", "finding"),
    [
        (("m0", "m1", "m3"), "丢了 1 条消息：m2"),
        (("m0", "m1", "m2", "m3", "m1"), "1 条消息记了两次：m1"),
        (("m0", "m1", "m2", "m3", "m9"), "1 条消息没有人说过：m9"),
        (("m0", "m2", "m1", "m3"), "1 条消息不按说话的次序：m1（没有取过） 在 m2（没有取过） 之后"),
    ],
)
def test_what_went_wrong_is_named(ids: tuple[str, ...], finding: str) -> None:
    assert finding in found(kept(*ids), platform())


def test_a_message_that_a_break_kept_away_is_no_loss_unless_the_bot_had_it() -> None:
    where = platform()
    where.breaks = [Break("被杀", NOW + 2 * SECOND, NOW + 9 * SECOND)]
    assert found(kept("m0", "m3"), where) == ""
    where.gateway.served = {"m1": NOW + SECOND}
    assert "丢了 1 条消息：m1" in found(kept("m0", "m3"), where)


def test_a_gateway_that_stands_still_between_two_excuses_their_order() -> None:
    where = platform()
    where.standstills = [(NOW + SECOND // 2, NOW + 2 * SECOND)]
    assert found(kept("m0", "m2", "m1", "m3"), where) == ""
    where.standstills = [(NOW + 3 * SECOND, NOW + 9 * SECOND)]
    assert "m1（没有取过） 在 m2" in found(kept("m0", "m2", "m1", "m3"), where)


def test_words_said_twice_unheard_or_stuck_are_named() -> None:
    ids, where = ("m0", "m1", "m2", "m3"), platform()
    assert "1 条回答没有发出" in found(kept(*ids, status="queued"), where)
    assert "停在发送中" in found(kept(*ids, status="sending"), where)
    where.gateway.sent *= 2
    assert "对 甲 多说了 1 次" in found(kept(*ids), where)
    where.gateway.sent = []
    assert "记为已发，却没人听到：对 甲 1 条" in found(kept(*ids), where)
    strangers = replace(kept(*ids), members={**kept().members, GROUP: {"陌生人"}})
    assert f"{GROUP} 的成员名单不符" in found(strangers, where)


def test_a_day_is_the_same_for_a_seed() -> None:
    assert list(islice(Day(7, 1.0).deeds(), 500)) == list(islice(Day(7, 1.0).deeds(), 500))
