"""A member's say over his data is obeyed at once; what he is told is neutral."""

from __future__ import annotations

import pytest

from bot.core.instants import MINUTE
from bot.services.people import keyed_hash
from storage.rows import OutboxRow
from tests.handlers.room import GROUP, Room


@pytest.fixture
def asked(any_room: Room) -> Room:
    """王 is a friend who has agreed to both purposes and answered."""
    any_room.join("wang")
    any_room.befriend("wang")
    any_room.direct("wang", "问卷")
    any_room.deliver()
    for words in ("同意", "28", "男", "杭州", "程序员", "同意"):
        any_room.direct("wang", words)
    return any_room


def purposes(room: Room, member: str = "wang") -> set[str]:
    ledger = room.database.read(lambda uow: uow.consents.ledger(member))
    latest = {row.purpose: row.granted for row in ledger}
    return {purpose for purpose, granted in latest.items() if granted}


def base(room: Room) -> list[str]:
    return [path for path, _ in room.tags("wang") if path.startswith("人口属性")]


def queue_recall(room: Room) -> None:
    row = OutboxRow("recall:wang:x", "recall", "direct", "wang", "…", room.clock.at, room.clock.at, member="wang")
    room.database.write_sync(lambda uow: uow.outbox.add([row]))


def test_my_tags_are_personal_and_neutral(asked: Room) -> None:
    shown = asked.direct("wang", "我的标签")
    assert "杭州" in shown
    assert "25-34岁" in shown
    for blunt in ("低价值", "流失", "争议", "沉默"):
        assert blunt not in shown
    assert asked.say("wang", "我的标签") == ""
    assert "杭州" in asked.answer("direct")
    asked.say("li", "大家好")
    assert "好友" in asked.say("li", "我的标签")
    assert "沉默" not in asked.direct("li", "我的标签")


def test_a_copy_of_everything(asked: Room) -> None:
    shown = asked.direct("wang", "导出我的数据")
    for part in ("wang", "基础画像同意", "问卷回答 4", "杭州", GROUP):
        assert part in shown
    assert asked.say("li", "导出我的数据") != shown


def test_checking_in(asked: Room) -> None:
    assert asked.say("wang", "签到") == ""
    assert "近 7 天 1 天" in asked.direct("wang", "签到")


def test_withdrawing_ends_tags_and_facts(asked: Room) -> None:
    assert len(base(asked)) == 4
    queue_recall(asked)
    assert "已撤回" in asked.direct("wang", "撤回授权")
    assert base(asked) == []
    assert purposes(asked) == set()
    answers = asked.database.read(lambda uow: list(uow.events.of_members(["wang"], None, asked.clock.at)))
    assert {row.body for row in answers if row.type == "answer"} == {"{}"}
    assert asked.database.read(lambda uow: uow.outbox.by_key("recall:wang:x")).status == "cancelled"  # type: ignore[union-attr]
    assert "没有给过" in asked.direct("wang", "撤回授权")


def test_unsubscribing_is_obeyed_at_once(asked: Room) -> None:
    queue_recall(asked)
    assert "已退订" in asked.direct("wang", "退订")
    assert purposes(asked) == {"profile"}
    assert asked.database.read(lambda uow: uow.outbox.by_key("recall:wang:x")).status == "cancelled"  # type: ignore[union-attr]
    assert len(base(asked)) == 4


def test_refusing_to_be_profiled(asked: Room) -> None:
    asked.direct("wang", "拒绝画像")
    assert base(asked) == []
    assert not [path for path, _ in asked.tags("wang") if path.startswith(("行为", "消费能力", "社交关系"))]


def test_forgetting_asks_once_more(asked: Room) -> None:
    assert "10 分钟内" in asked.direct("wang", "忘记我")
    asked.wait(11 * MINUTE)
    assert "10 分钟内" in asked.direct("wang", "忘记我")
    assert asked.database.read(lambda uow: uow.members.get("wang")) is not None
    assert "删除" in asked.direct("wang", "忘记我")


def test_who_is_forgotten_leaves_a_hash(asked: Room) -> None:
    asked.say("wang", "忘记我")
    asked.say("wang", "忘记我")
    found = asked.database.read(
        lambda uow: (
            uow.members.get("wang"),
            list(uow.events.of_members(["wang"], None, asked.clock.at)),
            uow.consents.ledger("wang"),
            uow.conversations.get("wang"),
            uow.confirmations.pending("wang", 0),
            [row for row in uow.audit.page() if "wang" in (row.actor, row.subject)],
            [row for row in uow.outbox.page() if row.member == "wang" or row.to_id == "wang" or "wang" in row.mentions],
            uow.forgotten.has(keyed_hash("test", "wang")),
        )
    )
    assert found[:4] == (None, [], [], None)
    assert found[4:] == ([], [], [row for row in asked.rows() if row.kind == "welcome"], True)


def test_nothing_is_kept_until_a_new_consent(asked: Room) -> None:
    asked.direct("wang", "忘记我")
    asked.direct("wang", "忘记我")
    asked.say("wang", "大家好，今天讲讲怎么做一本书")
    assert asked.database.read(lambda uow: uow.members.get("wang")) is None
    assert "隐私说明" in asked.direct("wang", "问卷")
    asked.deliver()
    asked.direct("wang", "同意")
    asked.direct("wang", "28")
    assert base(asked) == ["人口属性/年龄"]


def test_an_appeal_lifts_the_restriction_and_tells_those_in_charge(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.say("wang", "大家好", name="小王")
    assert "没有受到" in room.direct("wang", "申诉")
    for number in range(25):
        room.say("wang", f"刷屏第{number}条，大家快来看看吧")
    room.befriend("wang")
    group = room.say("wang", "申诉")
    assert "申诉" not in group
    assert "申诉" in room.answer("direct")
    assert [row.to_id for row in room.said if row.kind == "appeal"] == ["boss"]


def test_group_answers_reach_only_the_group(room: Room) -> None:
    room.say("wang", "退订")
    assert [(row.to_kind, row.to_id, list(row.mentions)) for row in room.said] == [("group", GROUP, ["wang"])]


def test_the_admins_hear_once_of_an_appeal_and_no_more_of_who_is_forgotten(room: Room) -> None:
    room.appoint("admin", "管理员")
    room.befriend("wang")
    for number in range(25):
        room.say("wang", f"刷屏第{number}条，大家快来看看吧")
    for _ in range(3):
        assert "收到你的申诉" in room.direct("wang", "申诉")
    (told,) = [row for row in room.rows() if row.kind == "appeal"]
    assert (told.to_id, "目前没有限制" in told.text) == ("admin", True)
    room.direct("wang", "忘记我")
    room.direct("wang", "忘记我")
    assert not [row for row in room.rows() if row.kind == "appeal"]
