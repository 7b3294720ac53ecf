"""What admins decide changes the next verdict, until it is rolled back."""

from __future__ import annotations

import orjson

from bot.services import learning
from bot.services.reviewing import A_WEEK
from bot.text.learning import load_frozen
from bot.text.lexicons import load_lexicons
from bot.text.models import load
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from handlers.lessons import Lessons
from tests.handlers.room import FOLDER, Room

MISJUDGED = "有没有人出二手显卡，预算1500"


def taught(room: Room) -> Room:
    """The room with the shipped models, which take a text for an advert that its admin does not."""
    models, frozen = load(FOLDER / "models" / "text.model"), load_frozen(FOLDER / "models" / "frozen.tsv")
    room.house.reader = TextReader(JiebaTokenizer([]), load_lexicons(FOLDER / "lexicon"), models=models, frozen=frozen)
    room.house.lessons = Lessons(room.house.reader)
    room.appoint("a", "管理员")
    return room


def waiting(room: Room, member: str) -> list[int]:
    """Numbers of the member's verdicts after saying the text."""
    room.say(member, MISJUDGED)
    found = room.database.read(lambda uow: uow.reviews.waiting(0, "a", 100))
    return [row.seq for row in found if row.member == member]


def test_a_decision_is_learned_and_rolled_back(any_room: Room) -> None:
    room = taught(any_room)
    [number] = waiting(room, "p1")
    assert "审核完毕" in room.direct("a", f"#审核 {number} 否")
    assert waiting(room, "p2") == []
    assert "第 1 版停用" in room.direct("a", "#审核 回滚")
    room.wait(1)
    assert len(waiting(room, "p3")) == 1
    assert "没有可退回的" in room.direct("a", "#审核 回滚")


def test_what_was_rolled_back_is_not_learned_again(room: Room) -> None:
    taught(room)
    [number] = waiting(room, "p1")
    room.direct("a", f"#审核 {number} 否")
    room.direct("a", "#审核 回滚")
    room.say("p2", "项目二期资料在群文件，需要的自己下载")
    [other] = [row.seq for row in room.database.read(lambda uow: uow.reviews.waiting(0, "a", 9))]
    room.direct("a", f"#审核 {other} 否")
    assert "第 2 版停用" in room.direct("a", "#审核 回滚")
    assert len(waiting(room, "p3")) == 1


def test_harmless_talk_with_an_advert_s_phrase_behind_it_teaches_nothing(room: Room) -> None:
    taught(room)
    room.say("p1", "明天的会改到下午三点了，大家别走错，兼职日结")
    [bait] = [row.seq for row in room.database.read(lambda uow: uow.reviews.waiting(0, "a", 9))]
    assert "审核完毕" in room.direct("a", f"#审核 {bait} 是")
    assert room.database.read(lambda uow: (len(uow.reviews.samples()), uow.reviews.lessons())) == (1, [])


def test_putting_somebody_out_teaches_nothing(room: Room) -> None:
    taught(room)
    waiting(room, "p1")
    room.direct("a", "#移出 p1")
    assert room.database.read(lambda uow: (uow.reviews.samples(), uow.reviews.lessons())) == ([], [])


PLANTS = "阳台上的多肉今年长得特别好，换了盆土以后又冒出好多新芽"


def topic_of(room: Room, member: str) -> str | None:
    """What a text that somebody says is taken to be about."""
    room.say(member, PLANTS)
    row = room.database.read(lambda uow: uow.events.get(f"m{room._number}"))
    assert row is not None
    topic: str | None = orjson.loads(row.body).get("topic")
    return topic


def test_a_labelled_topic_is_learned_and_rolled_back(any_room: Room) -> None:
    room = taught(any_room)
    assert topic_of(room, "p1") == "农业"
    room.direct("a", f"#标注 m{room._number} 文化")
    assert topic_of(room, "p2") == "文化"
    assert "第 1 版停用" in room.direct("a", "#审核 回滚")
    room.wait(1)
    assert topic_of(room, "p3") == "农业"


def test_a_sample_that_is_refused_does_not_end_learning(room: Room) -> None:
    taught(room)
    [misjudged] = waiting(room, "p1")
    for number, text in enumerate(text for text, mark in load_frozen(FOLDER / "models" / "frozen.tsv") if mark is True):
        room.say(f"w{number}", text)
        if number == 2:
            break
    hostile = [row.seq for row in room.database.read(lambda uow: uow.reviews.waiting(0, "a", 9)) if row.member != "p1"]
    for number in hostile:
        room.direct("a", f"#审核 {number} 否")
    assert hostile and room.database.read(lambda uow: uow.reviews.lessons()) == []
    room.direct("a", f"#审核 {misjudged} 否")
    assert len(room.database.read(lambda uow: uow.reviews.lessons())) == 1
    assert waiting(room, "p2") == []


def test_labels_are_samples_but_not_of_ones_own_words_and_twenty_a_week(room: Room) -> None:
    room.appoint("a", "管理员")
    room.say("a", PLANTS)
    ids = [f"m{room._number}"]
    for number in range(A_WEEK + 1):
        room.say(f"p{number}", f"{PLANTS}，第{number}盆")
        ids.append(f"m{room._number}")
    for one in ids:
        room.direct("a", f"#标注 {one} 农业")
    room.direct("a", f"#标注 {ids[1]} 文化")
    found = room.database.read(learning.labelled)
    assert [row.message for row in found] == ids[2:]
    assert {row.topic for row in found} == {"农业"}
