"""#推送: a condition over tags, a preview, a confirmation; consent, hours and the law of equal terms hold."""

from __future__ import annotations

import pytest

from bot.core.attachments import Attachments, Image
from bot.core.campaigns import Campaigns
from bot.core.conditions import BadCondition, read_condition
from storage.rows import ConsentRow, OutboxRow, TagRow
from storage.unit_of_work import UnitOfWork
from tests.handlers.room import Room

STAGE, TOPIC, PLACE = "生命周期/阶段", "内容偏好/题材", "人口属性/地域"
NAMES = {"阶段": STAGE, "题材": TOPIC, "地域": PLACE, "等级": "消费能力/等级"}


@pytest.mark.parametrize(
    ("words", "held", "met"),
    [
        ("阶段=成长期", [(STAGE, "成长期")], True),
        ("阶段=成长期", [(STAGE, "沉默期")], False),
        ("地域=杭州", [(PLACE, "新一线城市-杭州")], True),
        ("题材=科技", [(TOPIC, "科技控")], True),
        ("非 阶段=成长期", [], True),
        ("地域=杭州 且 题材=科技 或 阶段=成长期", [(STAGE, "成长期")], True),
        ("地域=杭州 且 （题材=科技 或 阶段=成长期）", [(STAGE, "成长期")], False),
        ("not (地域=杭州 and 题材=科技)", [(PLACE, "新一线城市-杭州"), (TOPIC, "科技")], False),
    ],
)
def test_conditions(words: str, held: list[tuple[str, str]], met: bool) -> None:
    condition, rest = read_condition(f"{words} 周六见 且慢", NAMES.get)
    assert (condition.test(held), rest) == (met, "周六见 且慢")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("周六见", "不是条件"),
        ("", "条件不完整"),
        ("阶段=成长期 且", "条件不完整"),
        ("阶段= 周六见", "不是条件"),
        ("(阶段=成长期 周六见", "没有配对"),
        ("星座=白羊 周六见", "没有「星座」"),
        ("非 " * 9 + "阶段=成长期 x", "套得太深"),
        (" 或 ".join(["阶段=成长期"] * 13), "条件太多"),
    ],
)
def test_a_bad_condition_is_refused(words: str, told: str) -> None:
    with pytest.raises(BadCondition, match=told):
        read_condition(words, NAMES.get)


@pytest.fixture
def crowd(any_room: Room) -> Room:
    """Three friends in Hangzhou, one of whom agreed to no pushes, and a stranger to the account."""
    room = any_room
    room.appoint("boss", "运营总监")
    for member in ("a", "b", "no", "stranger"):
        room.say(member, "大家好")
        if member != "stranger":
            room.befriend(member)

    def fill(uow: UnitOfWork) -> None:
        at = room.clock.at
        people = ("a", "b", "no", "stranger")
        uow.tags.apply(
            [TagRow(one, PLACE, "新一线城市-杭州", 1.0, "survey", at, None, {}, "r", 1) for one in people], []
        )
        agreed = [ConsentRow(one, "marketing", True, at, None, f"c{one}") for one in people if one != "no"]
        uow.consents.add(agreed)

    room.database.write_sync(fill)
    return room


def pushes(room: Room) -> list[OutboxRow]:
    return [row for row in room.rows() if row.kind == "campaign"]


def test_a_preview_counts_and_sends_nothing_until_it_is_confirmed(crowd: Room) -> None:
    told = crowd.direct("boss", "#推送 地域=杭州 周六线下见")
    assert "2 人：a、b" in told
    assert "不发 2 人" in told
    assert pushes(crowd) == []
    number = told.split("推送")[-1].split("」")[0]
    crowd.appoint("other", "管理员")
    assert "没有编号" in crowd.direct("other", f"#确认 推送{number}")
    assert "2 条" in crowd.direct("boss", f"#确认 推送{number}")
    assert {row.member for row in pushes(crowd)} == {"a", "b"}
    assert all(row.text.startswith("周六线下见\n") and "退订" in row.text for row in pushes(crowd))
    assert "没有编号" in crowd.direct("boss", f"#确认 推送{number}")
    crowd.direct("a", "退订")
    assert {row.member: row.status for row in pushes(crowd)} == {"a": "cancelled", "b": "queued"}


def test_a_push_brings_along_what_it_names(crowd: Room) -> None:
    crowd.house.campaigns = Campaigns(attachments=Attachments({"海报": Image("海报", "a.png")}))
    assert "没有“海豹”这个附件" in crowd.direct("boss", "#推送 地域=杭州 周六线下见 附：海豹")
    assert "正文" in crowd.direct("boss", "#推送 地域=杭州 附：海报")
    told = crowd.direct("boss", "#推送 地域=杭州 周六线下见 附：海报")
    assert "周六线下见\n随后发：［图片］海报" in told
    number = told.split("推送")[-1].split("」")[0]
    assert "2 条" in crowd.direct("boss", f"#确认 推送{number}")
    assert all(row.text.startswith("周六线下见\n") for row in pushes(crowd))
    pictures = [row for row in crowd.rows() if row.kind == "image"]
    assert [(row.member, row.text, row.cause["after"]) for row in pictures] == [
        (row.member, "［图片］海报", row.dedupe_key) for row in pushes(crowd)
    ]


def test_no_offer_by_purse_or_device(crowd: Room) -> None:
    assert "优惠不能按" in crowd.direct("boss", "#推送 等级=高价值 全场八折")
    assert "没有能收到的人" in crowd.direct("boss", "#推送 等级=高价值 周六线下见")


def test_who_may_not_see_a_tag_cannot_push_by_it(crowd: Room) -> None:
    crowd.appoint("helper", "管理员")
    assert "不在你的权限内" in crowd.direct("helper", "#推送 等级=高价值 周六见")
    assert "用法" in crowd.direct("boss", "#推送 地域=杭州")
