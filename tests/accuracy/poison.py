"""What hostile decisions in #审核 do to the adverts' F1, through the bot itself: messages, votes, learning, a database.

Two attacks, each with `SAMPLES` decisions: real adverts are declared normal; and normal talk, with an advert's phrase
put behind it so that it is flagged, is declared an advert. Attackers know what the bot flags. They are one admin who is
the only one, two who agree among three, and one among three, who decides nothing.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.core.instants import MINUTE
from bot.services import learning
from bot.services.reviewing import A_WEEK, WEEK
from bot.text.learning import load_frozen
from bot.text.models import Models
from bot.training.corpus import Example
from config.settings import PACKAGED_CONFIG
from handlers.dictionary import Dictionary
from handlers.lessons import Lessons
from storage.database import Database
from tests.accuracy.judge import Judge
from tests.accuracy.scores import Score, score
from tests.handlers.room import Room

SAMPLES = 50
BAIT = "，兼职日结"
"""What makes the word lists flag a harmless text."""
ADMINS = {"唯一的管理员": (1, 1), "三人中两人合谋": (3, 2), "三人中一人": (3, 1)}
"""How many admins there are, and how many of them are hostile."""
Row = tuple[str, str, str]


def rows(models: Models, spam: Sequence[Example]) -> list[Row]:
    """The first half of the unseen texts is the attackers', the second half judges."""
    own, judged = spam[::2], spam[1::2]
    attacks = {
        "广告说成正常": ([one.text for one in own if one.advert], "否"),
        "平常话说成广告": ([one.text + BAIT for one in own if not one.advert and len(one.text) < 60], "是"),
    }
    return [
        _row(f"投毒 {SAMPLES} 条：{who}，{name}", models, judged, texts, answer, *admins)
        for who, admins in ADMINS.items()
        for name, (texts, answer) in attacks.items()
    ]


def _row(
    name: str, models: Models, judged: Sequence[Example], texts: Sequence[str], answer: str, admins: int, hostile: int
) -> Row:
    judge = Judge(models, load_frozen(PACKAGED_CONFIG / "models" / "frozen.tsv"))
    before = _score(judge, judged)
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{Path(folder) / 'bot.db'}")
        database.migrate()
        try:
            decided, versions = _attack(_room(database, judge), judge, texts, answer, admins, hostile)
        finally:
            database.close()
    after = _score(judge, judged)
    told = f"F1 {before.f1:.4f} → {after.f1:.4f}，误报 {before.false_alarms:.2%} → {after.false_alarms:.2%}"
    return name, f"{told}（{decided} 条成立，学到 {versions} 版）", "F1 降 ≤ 1 个百分点"


def _score(judge: Judge, spam: Sequence[Example]) -> Score:
    return score([one.advert for one in spam], judge.adverts([one.text for one in spam]))


def _room(database: Database, judge: Judge) -> Room:
    """A group whose bot reads with the judge's reader."""
    room = Room(database)
    house = room.house
    house.reader, house.dictionary, house.lessons = judge.reader, Dictionary(judge.reader), Lessons(judge.reader)
    return room


def _attack(room: Room, judge: Judge, texts: Sequence[str], answer: str, admins: int, hostile: int) -> tuple[int, int]:
    """Say and judge `SAMPLES` texts; how many were decided, and how many versions were learned."""
    names = [f"admin{number}" for number in range(admins)]
    for name in names:
        room.appoint(name, "管理员")
    for number, text in enumerate(_flagged(judge, texts)):
        if number and number % A_WEEK == 0:
            room.wait(WEEK)
        room.wait(MINUTE)
        room.say(f"w{number}", text)
        (row,) = room.database.read(lambda uow: uow.reviews.waiting(room.clock.at - MINUTE, "", 1))
        for name in names[:hostile]:
            room.direct(name, f"#审核 {row.seq} {answer}")
    judge.reader.use(room.database.read(learning.stored))
    learned = room.database.read(lambda uow: uow.reviews.lessons())
    return len(room.database.read(lambda uow: uow.reviews.samples())), len(learned)


def _flagged(judge: Judge, texts: Sequence[str]) -> Iterator[str]:
    """The first `SAMPLES` texts that the bot takes for adverts, spread over all of them."""
    found = [text for text, ad in zip(texts, judge.adverts(texts), strict=True) if ad and "\n" not in text]
    step = len(found) // SAMPLES
    return iter(found[: step * SAMPLES : step])
