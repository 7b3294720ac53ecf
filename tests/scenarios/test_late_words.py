"""A gateway that tells some messages late changes nothing of what is known of people, or planned for them."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

from bot.core.instants import DAY, SECOND, Span
from bot.ports import MessageHeard, Person
from bot.services import tagging
from storage.unit_of_work import UnitOfWork
from tests.sim import GROUP, group_sim

PEOPLE = ("甲", "乙", "丙")
WORDS = ("第三章的人物写得真好，推荐给大家", "签到", "作者是谁呀？", "限时清仓全场一折快来抢购先到先得", "哈哈")
Word = tuple[Span, str, str]
"""When it is said after the beginning, by whom, and what."""


def course(chance: Random) -> list[Word]:
    said, words = 0, []
    for _ in range(40):
        said += chance.choice((1, 2, 3, 40, 600)) * SECOND
        words.append((said, chance.choice(PEOPLE), chance.choice(WORDS)))
    return words


async def outcome(url: str, told: Sequence[tuple[Span, int, Word]]) -> Any:
    """Tags with weight and since when, and what was planned, a day later; `told` is when each word is heard."""
    async with group_sim(url) as sim:
        await sim.enter(*PEOPLE)
        begin = sim.clock.at
        for heard, number, (said, who, text) in told:
            sim.clock.move_to(max(sim.clock.at, begin + heard))
            await sim.hear(MessageHeard(f"m{number}", begin + said, Person(who, who), GROUP, text))
        await sim.runtime.advance(begin + DAY)
        at = begin + DAY

        def look(uow: UnitOfWork) -> Any:
            facts = tagging.look(uow, PEOPLE, sim.house.world(uow, at), at)
            return {who: {key: (one.tag.weight, one.since) for key, one in facts[who].tags.items()} for who in PEOPLE}

        planned = [(row.kind, row.dedupe_key, row.status) for row in sim.rows() if not row.reply]
        return sim.database.read(look), sorted(planned)


async def test_words_that_come_late_come_to_the_same(sqlite_url: str, tmp_path: Path) -> None:
    chance, other = Random(7), tmp_path / "late.db"
    shutil.copy(sqlite_url.removeprefix("sqlite:///"), other)
    words = list(enumerate(course(chance)))
    in_order = [(word[0], number, word) for number, word in words]
    late = sorted((word[0] + chance.choice((0, 0, 0, 2, 30)) * SECOND, number, word) for number, word in words)
    assert [number for _, number, _ in late] != sorted(number for _, number, _ in late)
    assert await outcome(f"sqlite:///{other}", late) == await outcome(sqlite_url, in_order)
