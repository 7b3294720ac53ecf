"""What admins decide changes the next verdict, until it is rolled back."""

from __future__ import annotations

from bot.text.learning import load_frozen
from bot.text.lexicons import load_lexicons
from bot.text.models import load
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from handlers.lessons import Lessons
from tests.handlers.room import FOLDER, Room

MISJUDGED = "承接各类网站建设，价格优惠，质量保证"


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
    room.say("p2", "招聘兼职，日结工资，手机就能做，加微信abc12345")
    [other] = [row.seq for row in room.database.read(lambda uow: uow.reviews.waiting(0, "a", 9))]
    room.direct("a", f"#审核 {other} 是")
    assert len(waiting(room, "p3")) == 1


def test_putting_somebody_out_teaches_nothing(room: Room) -> None:
    taught(room)
    waiting(room, "p1")
    room.direct("a", "#移出 p1")
    assert room.database.read(lambda uow: (uow.reviews.samples(), uow.reviews.lessons())) == ([], [])
