"""Answers that tell an admin what was wrong with his words, and no more was done than he is told."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY
from storage.database import Database
from tests.handlers.room import Room


@pytest.fixture
def staffed(sqlite_database: Database) -> Room:
    room = Room(sqlite_database)
    room.join("wang")
    room.say("wang", "大家好，我是新来的", name="小王")
    room.say("li", "欢迎欢迎", name="小李")
    room.appoint("boss", "运营总监")
    return room


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("#打标 小王 行为/活跃度=高活跃 1.8", "「1.8」读不懂：权重应为 0–1，天数写作 30天"),
        ("#打标 小王 行为/活跃度=高活跃 0.5 30", "「30」读不懂"),
        ("#去标 生命周期/阶段", "用法：#去标"),
        ("#去标 小王 消费能力/等级", "小王 现在没有 消费能力/等级，没有要去掉的。"),
        ("#去标 小王 生命周期/阶段", "规则不会再给这个值，除非重新打标"),
        ("#推送 阶段=乱写 周六见面", "生命周期/阶段 的取值应是：引入期"),
        ("#推送 非 阶段=成熟 周六见面", "生命周期/阶段 的取值应是：引入期"),
        ("#推送 地域=杭州 且 题材=科技 周六见面", "没有能收到的人"),
        ("#确认 全部", "没有等待确认的消息"),
        ("#任命 小王 管理员 3 备用 小李", "任期 3 个月，头一个月是试用；备用：小李"),
        ("#任命 小王 观察员", "已任命 小王（wang）为观察员。"),
    ],
)
def test_what_is_said(words: str, told: str, staffed: Room) -> None:
    answer = staffed.direct("boss", words)
    assert told in answer
    assert "找到「」" not in answer


@pytest.mark.parametrize("words", ["退订", "退订！", "「退订」", " “退订”。"])
def test_a_wish_is_obeyed_however_it_is_put(words: str, staffed: Room) -> None:
    assert "已退订" in staffed.direct("wang", words)


def test_who_talks_to_the_bot_is_told_once_a_day_what_it_understands(staffed: Room) -> None:
    assert "「我的标签」" in staffed.direct("li", "在吗")
    assert staffed.direct("li", "你好呀") == ""
    assert "「#帮助」" in staffed.direct("boss", "今天怎么样")
    staffed.wait(DAY)
    assert "「我的标签」" in staffed.direct("li", "在吗")
    staffed.wait(DAY)
    staffed.direct("boss", "#免打扰 小李")
    assert staffed.direct("li", "在吗") == ""


def test_a_tag_by_hand_is_explained_by_the_hand(staffed: Room) -> None:
    staffed.direct("boss", "#打标 小王 行为/活跃度=高活跃 0.5 30天")
    told = staffed.direct("boss", "#为什么 小王 行为/活跃度")
    assert "规则：人工或导入" in told
    assert "依据：由 boss" in told
    assert "何时结束：有人去标，或另打一个值，或到期" in told


def test_reasons_leave_out_what_is_empty(staffed: Room) -> None:
    staffed.direct("boss", "#任命 小王 管理员")
    staffed.direct("boss", "#质检")
    asked = [staffed.direct("boss", f"#质检 {number} 对") for number in range(1, 5)]
    assert any("特殊身份/身份=管理员" in one for one in asked)
    assert not any("（）" in one for one in asked)
