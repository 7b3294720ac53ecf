"""The line language: every form, and every refusal with its line number."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY, HOUR, parse_instant
from bot.errors import BadInput
from bot.localgroup.script import Befriend, Direct, Join, Leave, Move, Say, Switch, Withdraw, parse


@pytest.mark.parametrize(
    ("line", "action"),
    [
        ("小王: 大家好", Say("小王", "大家好")),
        ("小王：大家好：呀", Say("小王", "大家好：呀")),
        ("\ufeff小王:大家好\r\n", Say("小王", "大家好")),
        ("小王#2: 我也是小王", Say("小王#2", "我也是小王")),
        ("Alice Smith: hi", Say("Alice Smith", "hi")),
        ("小王: #帮助", Say("小王", "#帮助")),
        ("小王@: 28", Say("小王", "28", to_bot=True)),
        ("小王 @：28", Say("小王", "28", to_bot=True)),
        ("小王: @群标 28", Say("小王", "@群标 28")),
        ("小王: #接龙\\n1. 小王", Say("小王", "#接龙\n1. 小王")),
        ("小王: [图片]", Say("小王", "", "image")),
        ("小王: [位置]", Say("小王", "", "location")),
        ("小王: [位置 31.23, 121.47]", Say("小王", "31.23,121.47", "location")),
        ("小王 > 你好", Direct("小王", "你好")),
        ("小王》你好", Direct("小王", "你好")),
        ("小王 → 群标: 时间: 八点", Direct("小王", "时间: 八点")),
        ("小王->群标：[图片]", Direct("小王", "", "image")),
        ("小王 > 时间: 八点", Direct("小王", "时间: 八点")),
        ("+小李", Join("小李")),
        ("+ 小李 扫码", Join("小李", "扫码")),
        ("-小李", Leave("小李")),
        ("@friend 小王", Befriend("小王")),
        ("@withdraw 小王", Withdraw("小王")),
        ("@group 读书会", Switch("读书会")),
        ("@time +8d", Move(span=8 * DAY)),
        ("@time +36h", Move(span=36 * HOUR)),
        ("@time 2026-01-02T08:00+08:00", Move(to=parse_instant("2026-01-02T08:00:00+08:00"))),
        ("", None),
        ("   ", None),
        ("# 注释", None),
        ("#", None),
    ],
)
def test_a_line_is_one_deed(line: str, action: object) -> None:
    assert parse(line, 1) == action


@pytest.mark.parametrize(
    "line",
    [
        "大家好",
        ": 大家好",
        "小王:",
        "小王: ",
        "#帮助",
        "+",
        "-",
        "+小李 坐飞机",
        "+小李: 你好",
        "@time",
        "@time 8d",
        "@time +8x",
        "@time 2026-01-02T08:00",
        "@time +99999999d",
        "@group",
        "@group " + "长" * 33,
        "@friend",
        "@withdraw",
        "@fly 小王",
        "小王: [位置 91,10]",
        "名" * 33 + ": 你好",
        "小王>",
    ],
)
def test_a_bad_line_is_refused_with_its_number(line: str) -> None:
    with pytest.raises(BadInput, match=r"^第 7 行："):
        parse(line, 7)
