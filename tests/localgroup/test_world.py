"""The local group's state and clock."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY, SECOND
from bot.errors import BadInput
from bot.localgroup.clock import LocalClock
from bot.localgroup.world import ACCOUNT, Spoken, World

START = 1_000 * DAY


def test_ids_are_the_names_so_that_a_restart_finds_the_same_people() -> None:
    assert (World().contact("小王").id, World().contact("小王#2").name) == ("小王", "小王")


def test_message_ids_differ_from_run_to_run() -> None:
    assert World().new_id("message") != World().new_id("message")


@pytest.mark.parametrize("name", ["群标", "qunbiao", "测试群"])
def test_nobody_can_be_the_account_or_a_group(name: str) -> None:
    world = World()
    world.group("测试群")
    with pytest.raises(BadInput):
        world.contact(name)


def test_a_group_cannot_be_called_like_a_person() -> None:
    world = World()
    world.contact("小王")
    with pytest.raises(BadInput):
        world.group("小王")


def test_mentions_are_whole_names() -> None:
    world = World()
    world.group("群")
    for person in ("小王", "小王子"):
        world.settle_in("群", person)
    assert world.mentioned("群", "@小王子 在吗") == ("小王子",)
    assert world.mentioned("群", "@小王，@群标\u2005在吗") == (ACCOUNT, "小王")
    assert world.mentioned("群", "a@小王b.com") == ()


def test_the_last_message_that_still_stands_is_withdrawn() -> None:
    world = World()
    world.group("群")
    for number, (text, kind) in enumerate([("一", "text"), ("二", "text"), ("m1", "withdraw")]):
        world.record(Spoken(f"m{number}", START, "小王", "群", None, text, kind))
    assert world.last_of("群", "小王").text == "一"
    with pytest.raises(BadInput):
        world.last_of("群", "小李")


def test_the_clock_follows_the_real_one_from_where_it_was_set() -> None:
    elapsed = 0
    clock = LocalClock(START, real=lambda: elapsed)
    elapsed = 5 * SECOND
    assert clock.now() == START + 5 * SECOND
    clock.move_to(START + DAY)
    elapsed = 6 * SECOND
    assert clock.now() == START + DAY + SECOND


def test_a_still_clock_moves_only_when_told_and_never_back() -> None:
    clock = LocalClock(START, still=True)
    clock.tick()
    assert clock.now() == START + SECOND
    with pytest.raises(BadInput):
        clock.move_to(START)
