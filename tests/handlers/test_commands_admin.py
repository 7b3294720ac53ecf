"""Admins' commands: each with the right, without it, and with a bad argument; every attempt is in the audit."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY
from handlers.commands import COMMANDS
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.room import Room

DIRECTOR, ADMIN, OBSERVER = "运营总监", "管理员", "观察员"
ADMIN_COMMANDS = [command for command in COMMANDS if command.needs is not None]
NEEDS_ARGUMENTS = [
    *("#成员", "#标签 无 此", "#打标", "#打标 wang", "#去标", "#为什么", "#名单", "#名单 全部", "#解除", "#免打扰"),
    *("#任命", "#任命 wang 群主", "#模式", "#模式 随便", "#确认 甲"),
]


@pytest.fixture
def staffed(room: Room) -> Room:
    """A director, an admin, an observer, all friends; and 王 and 李."""
    for member, role in (("boss", DIRECTOR), ("admin", ADMIN), ("watch", OBSERVER)):
        room.appoint(member, role)
    room.say("wang", "大家好", name="小王")
    room.say("li", "大家好", name="小李")
    return room


@pytest.mark.parametrize("command", ADMIN_COMMANDS, ids=lambda command: command.name)
def test_without_the_right_there_is_silence_and_an_audit_row(staffed: Room, command: object) -> None:
    word = command.word  # type: ignore[attr-defined]
    assert staffed.say("wang", f"{word} 小李") == ""
    assert staffed.said == []
    row = staffed.audit()[0]
    assert (row.actor, row.action, row.allowed) == ("wang", word, False)


def test_asking_the_bot_much_is_no_flood(staffed: Room) -> None:
    for _ in range(25):
        staffed.direct("boss", "#看板")
        staffed.say("li", "#看板")
    staffed.direct("boss", "#推送 地域=杭州 兼职日赚500元，加微信 abc12345 免费领取，名额有限")
    staffed.say("boss", "#推送 地域=杭州 兼职日赚500元，加微信 abc12345 免费领取，名额有限")
    assert ("特殊身份/身份", "争议用户") not in staffed.tags("boss"), "an advert in a command is none either"
    assert ("特殊身份/身份", "争议用户") in staffed.tags("li"), "in a group it disturbs the others"


@pytest.mark.parametrize("text", NEEDS_ARGUMENTS)
def test_a_bad_argument_gets_the_usage(staffed: Room, text: str) -> None:
    assert "用法" in staffed.direct("boss", text)
    assert "用法" in staffed.say("boss", text)
    assert staffed.audit()[0].action == text.split()[0]


def test_a_lower_role_is_told_directly(staffed: Room) -> None:
    assert staffed.say("watch", "#打标 小王 职业=教育") == ""
    assert [(row.to_kind, row.to_id) for row in staffed.said] == [("direct", "watch")]
    assert "管理员" in staffed.answer("direct")
    assert not [path for path, _ in staffed.tags("wang") if path == "人口属性/职业"]


def test_unknown_words_are_silence_and_audited(staffed: Room) -> None:
    assert staffed.say("wang", "#接龙 1. 小王") == ""
    assert (staffed.audit()[0].action, staffed.audit()[0].allowed) == ("#接龙", False)
    assert staffed.say("boss", "#接龙 1. 小王") == ""
    assert "#帮助" in staffed.direct("boss", "#不存在")


def test_a_nickname_gives_no_right(staffed: Room) -> None:
    assert staffed.say("thief", "#成员 小王", name="boss") == ""
    assert staffed.said == []


def test_help_lists_what_one_may_use(staffed: Room) -> None:
    assert "#任命" in staffed.direct("boss", "#帮助")
    shown = staffed.direct("watch", "＃帮助")
    assert "#成员" in shown
    assert "#打标" not in shown


def test_a_long_answer_goes_to_the_direct_chat(staffed: Room) -> None:
    assert "私聊" in staffed.say("boss", "#成员 小王")
    assert "成员分" in staffed.answer("direct")
    staffed.befriend("boss", False)
    shown = staffed.say("boss", "#成员 小王")
    assert "好友" in shown
    assert staffed.answer("direct") == ""


def test_a_member_is_found_by_name_id_and_mention(staffed: Room) -> None:
    for words in ("小王", "wang", "@小王", " 小王 "):
        assert "小王（wang）" in staffed.direct("boss", f"#成员 {words}")
    staffed.say("boss", "#成员 @不知道叫什么", mentions=("wang",))
    assert "小王（wang）" in staffed.answer("direct")
    assert "没找到" in staffed.direct("boss", "#成员 老赵")
    assert staffed.audit()[1].subject == "wang"


def test_several_of_one_name_are_listed(staffed: Room) -> None:
    staffed.say("wang2", "我也叫这个", name="小王")
    shown = staffed.direct("boss", "#成员 小王")
    assert "wang2" in shown
    assert "入群" not in shown


@pytest.mark.parametrize("name", ["😀👍", "=HYPERLINK(1)", "甲\n乙：#任命", "字" * 1000, "\u202eevil", "{names}", "  "])
def test_odd_names_do_no_harm(staffed: Room, name: str) -> None:
    staffed.say("odd", "大家好", name=name)
    shown = staffed.direct("boss", "#成员 odd")
    first = shown.splitlines()[0]
    assert first.endswith("（odd）")
    assert len(first) < 40
    assert "\u202e" not in shown
    assert staffed.direct("boss", "#名单 沉默")


def test_why_names_rule_facts_and_bars(staffed: Room) -> None:
    shown = staffed.direct("watch", "#为什么 小王 生命周期/阶段")
    for part in ("沉默期", "规则：生命周期阶段表", "沉默天数", "门槛", "何时结束"):
        assert part in shown
    assert staffed.direct("watch", "#为什么 小王 阶段") == shown
    absent = staffed.direct("boss", "#为什么 小王 消费能力/等级")
    assert "现在：没有" in absent
    assert "没有「" in staffed.direct("boss", "#为什么 小王 不存在/标签")


def test_core_tags_are_for_directors(staffed: Room) -> None:
    for who in ("watch", "admin"):
        assert "权限" in staffed.direct(who, "#为什么 小王 消费能力/等级")
        assert "权限" in staffed.direct(who, "#标签 消费能力/等级")
    assert "权限" in staffed.direct("admin", "#打标 小王 消费能力/等级=高价值")
    assert "已给" in staffed.direct("boss", "#打标 小王 消费能力/等级=高价值")
    assert "高价值" in staffed.direct("boss", "#成员 小王")
    assert "高价值" not in staffed.direct("admin", "#成员 小王")
    assert "KOL" not in staffed.direct("admin", "#标签 特殊身份/身份")
    assert "没有人" not in staffed.direct("boss", "#标签 消费能力/等级=高价值")


def test_pins_hold_until_they_expire(staffed: Room) -> None:
    assert "到 2026-04-01" in staffed.direct("admin", "#打标 小王 内容偏好/时段=早 0.5 30天")
    held = staffed.tags("wang")[("内容偏好/时段", "早")]
    assert (held.tag.weight, held.tag.source) == (0.5, "manual")
    staffed.wait(31 * DAY)
    assert ("内容偏好/时段", "早") not in staffed.tags("wang")


def test_a_pin_in_the_group_names_no_tag(staffed: Room) -> None:
    shown = staffed.say("admin", "#打标 小王 内容偏好/时段=早")
    assert "小王" not in shown
    assert "时段" not in shown
    assert ("内容偏好/时段", "早") in staffed.tags("wang")


def test_unpinning_keeps_the_rule_silent(staffed: Room) -> None:
    staffed.direct("admin", "#打标 小王 内容偏好/时段=早")
    assert "已去掉" in staffed.direct("admin", "#去标 小王 内容偏好/时段=早")
    assert ("内容偏好/时段", "早") not in staffed.tags("wang")


def test_no_base_attribute_by_hand_without_consent(staffed: Room) -> None:
    assert "没有同意" in staffed.direct("admin", "#打标 小王 人口属性/职业=互联网/IT")
    assert not [path for path, _ in staffed.tags("wang") if path == "人口属性/职业"]
    staffed.direct("wang", "问卷")
    staffed.deliver()
    staffed.direct("wang", "同意")
    assert "已给" in staffed.direct("admin", "#打标 小王 人口属性/职业=互联网/IT")
    assert ("人口属性/职业", "互联网/IT") in staffed.tags("wang")


def test_pins_that_make_no_sense(staffed: Room) -> None:
    assert "取值应是" in staffed.direct("admin", "#打标 小王 内容偏好/时段=半夜")
    assert "任命" in staffed.direct("boss", "#打标 小王 特殊身份/身份=管理员")
    assert "没有「" in staffed.direct("admin", "#打标 小王 星座/太阳=白羊")
    assert "天数" in staffed.direct("admin", "#打标 小王 内容偏好/时段=早 0天")
    assert [row for row in staffed.tags("wang").values() if row.tag.source == "manual"] == []


def test_who_holds_a_tag(staffed: Room) -> None:
    staffed.join("xin")
    assert "引入期：1" in staffed.direct("watch", "#标签 生命周期/阶段")
    assert "xin" in staffed.direct("watch", "#标签 生命周期/阶段=引入期")
    assert "没有人" in staffed.direct("watch", "#标签 生命周期/阶段=流失")
    assert "生命周期/阶段" in staffed.direct("watch", "#标签")


def test_lists(staffed: Room) -> None:
    assert "空" in staffed.direct("watch", "#名单 新人")
    staffed.join("xin")
    assert "xin" in staffed.direct("watch", "#名单 新人")
    assert "空" in staffed.direct("admin", "#名单 争议")
    assert "权限" in staffed.direct("watch", "#名单 争议")


def test_board_counts(staffed: Room) -> None:
    shown = staffed.direct("watch", "#看板")
    assert "2 条消息，2 人发言" in shown
    assert "沉默期 3" in shown  # who wrote directly is met too
    assert "今天发出 0 条：—；没发成或不明：—" in shown


def test_board_counts_what_went_out_today_and_what_did_not_and_why(staffed: Room) -> None:
    at = staffed.clock.at

    def send(uow: UnitOfWork) -> None:
        kinds = ["recall", "welcome", "welcome", "recall", "notice"]
        uow.outbox.add(OutboxRow(f"k{n}", kind, "direct", "p", "x", at, at) for n, kind in enumerate(kinds))
        ids = [row.id for row in uow.outbox.page(limit=1000) if row.dedupe_key.startswith("k")]
        uow.outbox.settle(ids[0], "sent", now=at - DAY)
        for id_ in ids[1:3]:
            uow.outbox.settle(id_, "sent", now=at)
        uow.outbox.settle(ids[3], "unknown", "连接断开", now=at)
        uow.outbox.settle(ids[4], "failed", "没有权限", now=at)

    staffed.database.write_sync(send)
    shown = staffed.direct("watch", "#看板")
    assert "今天发出 3 条：欢迎 2、召回 1；没发成或不明：没有权限 1、连接断开 1" in shown


def test_modes(staffed: Room) -> None:
    assert staffed.direct("admin", "#模式 自动") != ""
    assert staffed.database.read(lambda uow: uow.deployment.get("mode")) is None
    for word, mode in (("观察", "observe"), ("协助", "assist"), ("自动", "auto")):
        assert word in staffed.direct("boss", f"#模式 {word}")
        assert staffed.database.read(lambda uow: uow.deployment.get("mode")) == mode


def test_leave_somebody_alone(staffed: Room) -> None:
    assert "免打扰" in staffed.direct("admin", "#免打扰 小王")
    assert staffed.database.read(lambda uow: uow.members.get("wang")).exempt  # type: ignore[union-attr]
    staffed.direct("admin", "#免打扰 小王 取消")
    assert not staffed.database.read(lambda uow: uow.members.get("wang")).exempt  # type: ignore[union-attr]


def test_a_dispute_is_lifted_by_an_admin(staffed: Room) -> None:
    for number in range(25):
        staffed.say("wang", f"刷屏第{number}条，大家快来看看吧")
    assert ("特殊身份/身份", "争议用户") in staffed.tags("wang")
    assert "小王" in staffed.direct("admin", "#名单 争议")
    group = staffed.say("admin", "#解除 小王")
    assert "小王" not in group
    assert "争议" not in group
    assert ("特殊身份/身份", "争议用户") not in staffed.tags("wang")
    assert "没有未了结" in staffed.direct("admin", "#解除 小王")
