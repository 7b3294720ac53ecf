"""Arguments are read as people type them: full-width signs, either order, names with blanks; the rest is refused."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY
from handlers.commands.arguments import PinWords, TagWords, read_numbers, read_pin, read_tag
from handlers.commands.spec import Misused


@pytest.mark.parametrize(
    ("args", "read"),
    [
        ("小王 生命周期/阶段", TagWords("小王", "生命周期/阶段", None)),
        ("小 王 生命周期／阶段", TagWords("小 王", "生命周期/阶段", None)),
        ("A/B 阶段 = 成长期", TagWords("A/B", "阶段", "成长期")),
        ("人口属性/职业＝互联网/IT", TagWords("", "人口属性/职业", "互联网/IT")),
        ("@小王 社交关系/邀请人=wxid_1 2", TagWords("@小王", "社交关系/邀请人", "wxid_1 2")),
    ],
)
def test_tags(args: str, read: TagWords) -> None:
    assert read_tag(args) == read


@pytest.mark.parametrize(
    ("args", "weight", "lasting"),
    [
        ("小王 a/b=c", 1.0, None),
        ("小王 a/b=c 0.5", 0.5, None),
        ("小王 a/b=c 30天", 1.0, 30 * DAY),
        ("小王 a/b=c 30天 0.5", 0.5, 30 * DAY),
        ("小王 a/b=c 权重.25 7天", 0.25, 7 * DAY),
    ],
)
def test_pins(args: str, weight: float, lasting: int | None) -> None:
    assert read_pin(args) == PinWords("小王", "a/b", "c", weight, lasting)


@pytest.mark.parametrize(
    "args", ["", "小王", "小王 a/b", "小王 a/b= 3天", "小王 a/b=c 0天", "小王 a/b=c 9999天", "= = ="]
)
def test_no_pins(args: str) -> None:
    with pytest.raises(Misused):
        read_pin(args)


def test_numbers() -> None:
    assert read_numbers("3,5，7、 9") == [3, 5, 7, 9]
    for words in ("", "三", "1-3", "-1", "1" * 13):
        with pytest.raises(Misused):
            read_numbers(words)
