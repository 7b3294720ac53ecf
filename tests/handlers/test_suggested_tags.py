"""#建议 and #采纳: words of a group of members become custom tags, held by who uses them, rebuilt and forgotten."""

from __future__ import annotations

import pytest

from bot.core.events import Event
from bot.core.instants import DAY, HOUR, Instant, iso
from bot.services import erasure
from handlers.afterwards import fold_again
from handlers.jobs import ruling, suggestions
from handlers.preparing import prepare
from handlers.turn import record
from tests.handlers.room import GROUP, Room

CAMPERS = ("a", "b", "c", "d", "e")
OTHERS = ("p", "q", "r", "s", "t")


def talk(room: Room, at: Instant, members: tuple[str, ...] = CAMPERS, about: str = "露营") -> list[Event]:
    """Each speaks three times of one thing, and once of something else."""
    texts = [f"今天去{about}要带的东西", f"又想{about}了，叫上王诗涵", f"{about}的地方找好了，也叫王诗涵", "今天晚点了"]
    return [
        Event("message", f"{member}-{about}-{n}", at + n * HOUR, member, GROUP, {}, f"{text}，第{n}次说")
        for member in members
        for n, text in enumerate(texts)
    ]


def tell(room: Room, events: list[Event]) -> None:
    batch = [prepare(event, room.house.reader, room.house.traces) for event in events]
    room.database.write_sync(lambda uow: record(uow, room.house, batch))


def started(room: Room, *more: Event) -> Room:
    room.appoint("admin", "管理员")
    for member in CAMPERS + OTHERS:
        room.join(member)
    room.wait(6 * HOUR)
    begin = room.clock.at - 5 * HOUR
    tell(room, [*talk(room, begin), *talk(room, begin, OTHERS, "地铁"), *more])
    return room


def proposed(room: Room) -> list[str]:
    suggestions.look_for_words(room.house, room.clock.at)
    return [row.word for row in room.database.read(lambda uow: uow.suggestions.open())]


async def adopt(room: Room, word: str) -> None:
    rows = room.database.read(lambda uow: uow.suggestions.open())
    number = next(row.number for row in rows if row.word == word)
    assert f"自定义/常聊={word}" in room.direct("admin", f"#采纳 {number}")
    await ruling.JOB.run(room.house, room.clock.at)


def test_a_word_of_five_members_is_proposed_and_nothing_of_everybody(any_room: Room) -> None:
    room = started(any_room)
    words = proposed(room)
    assert "露营" in words
    assert not any("诗涵" in word for word in words), "a person's name"
    assert room.house.reader.content_words("也叫王诗涵") != [], "so the tagger kept it out"
    assert "今天" not in words, "everybody says it"
    told = room.direct("admin", "#建议")
    assert "露营：5 人，15 条" in told
    assert "找好了" not in told, "words, never texts"


def test_four_members_are_no_group(room: Room) -> None:
    room.appoint("admin", "管理员")
    room.wait(6 * HOUR)
    tell(room, talk(room, room.clock.at - 5 * HOUR, CAMPERS[:4]) + talk(room, room.clock.at - 5 * HOUR, OTHERS, "地铁"))
    assert "露营" not in proposed(room)


@pytest.mark.parametrize("nickname", ["露营", "阿露营", "杭州-露营-阿强"])
def test_nicknames_are_no_words(room: Room, nickname: str) -> None:
    room.say("x", "大家好", name=nickname)
    assert "露营" not in proposed(started(room))


def test_sensitive_words_name_no_tag(room: Room) -> None:
    started(room)
    tell(room, talk(room, room.clock.at - 5 * HOUR, CAMPERS, "糖尿病"))
    assert "糖尿病" not in proposed(room)


def test_who_refused_to_be_profiled_is_not_counted(room: Room) -> None:
    started(room)
    assert "露营" in proposed(room)
    room.say("a", "拒绝画像")
    assert "露营" not in proposed(room)


async def test_an_adopted_word_is_held_by_who_uses_it(any_room: Room) -> None:
    room = started(any_room)
    assert "露营" in proposed(room)
    await adopt(room, "露营")
    tell(room, talk(room, room.clock.at, ("p",)))
    room.wait(DAY)
    held = ("自定义/常聊", "露营")
    assert [member for member in CAMPERS + OTHERS if held in room.tags(member)] == [*CAMPERS, "p"]
    assert "没有编号" in room.direct("admin", "#采纳 999")
    assert "用法" in room.direct("admin", "#采纳 露营")
    assert "露营" not in proposed(room), "it is one already"


async def test_uses_outlive_the_text_and_go_with_the_member(any_room: Room) -> None:
    room = started(any_room)
    proposed(room)
    await adopt(room, "露营")
    held = ("自定义/常聊", "露营")
    room.wait(2 * DAY)
    room.database.write_sync(lambda uow: uow.events.drop_texts(room.clock.at))
    room.database.write_sync(lambda uow: uow.rollups.mark_all_late(0))
    fold_again(room.house)
    assert held in room.tags("a")
    room.database.write_sync(lambda uow: erasure.forget(uow, "a", room.clock.at))
    left = room.database.read(lambda uow: list(uow.events.of_members(None, None, room.clock.at)))
    assert not [row for row in left if row.member == "a"]
    room.wait(90 * DAY)
    assert held not in room.tags("b")


async def test_before_or_after_the_adoption_makes_no_difference(room: Room) -> None:
    """What was said before and what came in late give the same facts."""
    started(room)
    proposed(room)
    late = talk(room, room.clock.at - 5 * HOUR, ("s",))
    await adopt(room, "露营")
    tell(room, late)
    fold_again(room.house)
    room.wait(DAY)
    events = room.database.read(lambda uow: list(uow.events.of_members(["a", "s"], None, room.clock.at)))
    uses = {member: [row.at for row in events if row.type == "word" and row.member == member] for member in ("a", "s")}
    assert uses["a"] == uses["s"]
    assert len(uses["a"]) == 3
    assert ("自定义/常聊", "露营") in room.tags("s")


def test_the_job_is_due_on_mondays(room: Room) -> None:
    first = room.due(suggestions.JOB, room.clock.at)
    assert first is not None
    assert iso(first, room.house.zone) == "2026-03-09T05:00:00+08:00"
    assert room.due(suggestions.JOB, first) == first + 7 * DAY


def test_rights(room: Room) -> None:
    room.appoint("watcher", "观察员")
    assert room.say("stranger", "#建议") == ""
    assert "管理员" in room.direct("watcher", "#采纳 1")
