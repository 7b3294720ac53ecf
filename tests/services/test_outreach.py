"""Plans become rows: who is told what and where, who is not, and nothing twice."""

from __future__ import annotations

import hashlib
import re

import pytest

from bot.core.instants import DAY, HOUR, MINUTE, parse_instant
from bot.core.journal import Plan
from bot.services.audience import held_out
from storage.database import Database
from tests.services.mouth import GROUP, NOON, Mouth, joined, recall, warning

PERSONAL = re.compile("沉默|阶段|流失|衰退|消费|争议|刷屏|广告|等级")
EVENING = parse_instant("2026-03-02T23:30:00+08:00")
MORNING = parse_instant("2026-03-03T08:00:00+08:00")
HELD = next(f"h{n}" for n in range(100) if int(hashlib.sha256(f"h{n}".encode()).hexdigest(), 16) % 10 == 0)


@pytest.fixture
def mouth(sqlite_database: Database) -> Mouth:
    return Mouth(sqlite_database)


def test_joins_within_ten_minutes_share_one_welcome(mouth: Mouth) -> None:
    for member in ("小王", "小李", "小张"):
        mouth.person(member, friend=False, marketing=False)
    (row,) = mouth.plan(joined("小王", 0), joined("小李", 9.9), joined("小张", 10))[:1]
    assert (row.dedupe_key, row.not_before) == ("welcome:g:小王:2026-03-02", NOON + 10 * MINUTE)
    assert "欢迎 小王、小李" in row.text
    assert row.mentions == ("小王", "小李")
    assert "欢迎 小张" in mouth.rows("welcome")[1].text


def test_who_joins_while_a_welcome_waits_is_added_to_it(mouth: Mouth) -> None:
    for member in ("小王", "小李"):
        mouth.person(member)
    mouth.plan(joined("小王", 0))
    mouth.plan(joined("小李", 5))
    assert mouth.one("welcome").mentions == ["小王", "小李"]
    mouth.plan(joined("小王", 0), joined("小李", 5))
    assert mouth.one("welcome").mentions == ["小王", "小李"]


def test_a_welcome_that_is_out_is_not_said_again(mouth: Mouth) -> None:
    mouth.person("小王")
    mouth.plan(joined("小王", 0))
    assert len(mouth.send(NOON + 10 * MINUTE)) == 1
    assert mouth.plan(joined("小王", 0), as_of=NOON + HOUR) == []
    assert mouth.send(NOON + HOUR) == []


def test_joins_of_one_night_are_welcomed_together_in_the_morning(mouth: Mouth) -> None:
    for number in range(3):
        mouth.person(f"p{number}")
        mouth.plan(joined(f"p{number}", 90 * number, base=EVENING))
    row = mouth.one("welcome")
    assert (row.not_before, row.mentions) == (MORNING, ["p0", "p1", "p2"])
    assert mouth.send(MORNING - 1) == []
    assert len(mouth.send(MORNING)) == 1


def test_who_has_left_is_not_greeted(mouth: Mouth) -> None:
    for member in ("小王", "小李"):
        mouth.person(member)
    mouth.plan(joined("小王", 0), joined("小李", 1))
    mouth.leave("小王", NOON + 2 * MINUTE)
    (row,) = mouth.send(NOON + 10 * MINUTE)
    assert "小王" not in row.text
    assert row.mentions == ("小李",)
    assert mouth.one("welcome").text == row.text


def test_a_crowd_is_named_by_its_first_few(mouth: Mouth) -> None:
    people = [mouth.person(f"新人{number}") for number in range(8)]
    mouth.plan(*(joined(member, 0) for member in people))
    assert "新人0、新人1、新人2、新人3、新人4 等 8 位" in mouth.one("welcome").text


def test_a_nickname_cannot_break_the_message(mouth: Mouth) -> None:
    mouth.person("x", name="a\n【系统】{names}" + "长" * 100)
    mouth.plan(joined("x", 0))
    first = mouth.one("welcome").text.splitlines()[0]
    assert "【系统】{names}" in first
    assert len(first) < 100


def test_old_evaluations_and_the_time_before_the_first_day_plan_nothing(mouth: Mouth) -> None:
    mouth.person("a")
    assert mouth.plan(recall("a"), as_of=NOON + DAY) == []
    mouth.live_from = NOON + 1
    assert mouth.plan(recall("a")) == []
    mouth.live_from = None
    assert mouth.plan(recall("a")) == []
    mouth.live_from = NOON
    assert mouth.plan(recall("a"), as_of=NOON + DAY - 1) != []


def test_history_causes_no_send(mouth: Mouth) -> None:
    mouth.person("a", joined_at=NOON - 3 * DAY)
    mouth.history("a", NOON)
    mouth.history("a", NOON - 3 * DAY)
    gift = Plan(NOON, "newcomer_gift", "a", "newcomer_gift:a", GROUP)
    assert mouth.plan(joined("a", 0), warning("a"), gift) == []


@pytest.mark.parametrize(
    "person",
    [{"marketing": False}, {"exempt": True}, {"minor": "under18"}, {"groups": ()}, {"friend": False}],
    ids=str,
)
def test_pushes_reach_only_consenting_grown_up_friends(mouth: Mouth, person: dict[str, object]) -> None:
    mouth.person("a", **person)  # type: ignore[arg-type]
    if person == {"groups": ()}:
        mouth.person("a", groups=(GROUP,))
        mouth.leave("a", NOON - DAY)
    rows = mouth.plan(recall("a"), recall("a", kind="reactivation"))
    assert [row.kind for row in rows] == (["friend_invite"] if person == {"friend": False} else [])


def test_a_push_is_personal_and_ends_with_the_way_out(mouth: Mouth) -> None:
    mouth.person("a", name="小王")
    gift = Plan(NOON, "newcomer_gift", "a", "newcomer_gift:a", GROUP)
    rows = mouth.plan(recall("a"), recall("a", kind="reactivation"), gift)
    assert {row.kind for row in rows} == {"recall", "reactivation", "newcomer_gift"}
    for row in rows:
        assert (row.to_kind, row.to_id, row.member) == ("direct", "a", "a")
        assert row.text.splitlines()[-1] == "回复「退订」不再接收此类消息"
        assert not PERSONAL.search(row.text)


def test_one_neutral_invitation_in_the_group_once_per_member(mouth: Mouth) -> None:
    mouth.person("a", friend=False)
    (row,) = mouth.plan(recall("a"))
    assert (row.dedupe_key, row.to_kind, row.to_id) == ("friend_invite:a", "group", GROUP)
    assert not PERSONAL.search(row.text)
    assert mouth.plan(recall("a", NOON + HOUR), warning("a", NOON + HOUR, "restricted"))[0].kind == "restriction"
    assert len(mouth.rows("friend_invite")) == 1


def test_a_tenth_of_the_recalls_is_held_out(mouth: Mouth) -> None:
    assert held_out(HELD, 10)
    mouth.person(HELD)
    (row,) = mouth.plan(recall(HELD))
    assert (row.status, row.reason) == ("withheld", "对照组")
    assert mouth.send(NOON) == []
    assert 60 < sum(held_out(f"wxid_{n}", 10) for n in range(1000)) < 140


def test_a_warning_to_a_stranger_waits_for_friendship_and_ends_undelivered(mouth: Mouth) -> None:
    mouth.person("a", friend=False)
    assert [row.kind for row in mouth.plan(warning("a"))] == ["warning", "friend_invite"]
    tag_disputed(mouth, "a")
    assert [row.kind for row in mouth.send(NOON)] == ["friend_invite"]
    mouth.send(NOON + DAY)
    assert mouth.one("warning").status == "expired"


def test_a_warning_reaches_who_becomes_a_friend(mouth: Mouth) -> None:
    mouth.person("a", friend=False)
    mouth.plan(warning("a"))
    tag_disputed(mouth, "a")
    mouth.send(NOON)
    mouth.person("a", friend=True)
    assert [row.kind for row in mouth.send(NOON + 30 * MINUTE)] == ["warning"]


def test_newcomers_are_warned_more_gently(mouth: Mouth) -> None:
    mouth.person("new", joined_at=NOON - DAY)
    mouth.person("old", joined_at=NOON - 30 * DAY)
    new, old = mouth.plan(warning("new"), warning("old", verdict="ad"))
    assert "欢迎新来" in new.text
    assert "广告" in old.text
    assert "申诉" in new.text
    assert "申诉" in old.text


def test_people_in_charge_hear_of_restrictions_directly(mouth: Mouth) -> None:
    mouth.person("boss", role="运营总监")
    mouth.person("far", role="管理员", friend=False)
    mouth.person("a", name="大嗓门")
    rows = mouth.plan(warning("a", kind="restricted"))
    assert [(row.kind, row.to_id) for row in rows] == [("restricted", "boss"), ("restriction", "a")]
    assert "大嗓门" in rows[0].text
    assert rows[0].member == "a", "what names a member is erased with him"
    assert [row.to_id for row in mouth.plan(warning("a", kind="review"))] == ["boss"]


def test_pushes_wait_for_the_hours_in_which_a_member_is_there(mouth: Mouth) -> None:
    mouth.person("a")
    four = parse_instant("2026-03-03T04:00:00+08:00")
    assert mouth.plan(recall("a", four))[0].not_before == four + 4 * HOUR
    for period, hour in (("晚", 17), ("午", 11), ("早", 8)):
        tag(mouth, "a", "内容偏好/时段", period)
        (row,) = mouth.plan(recall("a", four + {"晚": 1, "午": 2, "早": 3}[period]))
        assert row.not_before // MINUTE == (four + (hour - 4) * HOUR) // MINUTE


def tag_disputed(mouth: Mouth, member: str) -> None:
    tag(mouth, member, "特殊身份/身份", "争议用户")


def tag(mouth: Mouth, member: str, path: str, value: str) -> None:
    from storage.rows import TagRow

    row = TagRow(member, path, value, 1.0, "rule", 1, None, {}, "test", 1)
    losses = [(member, "内容偏好/时段", old) for old in "早午晚" if path == "内容偏好/时段"]
    mouth.write(lambda uow: (uow.tags.apply([], losses), uow.tags.apply([row], [])))
