"""The daily evaluation: cost per member at 1,000, 10,000 and 100,000 members with months of roll-ups."""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import orjson

from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.fold import fold
from bot.core.instants import DAY, HOUR, Instant, parse_instant
from bot.core.journal import Journal
from bot.core.ruleset import RuleSet
from bot.core.world import RuleVersion, World
from bot.services import sweeps
from storage.database import Database
from storage.rows import RollupRow

WORLD = World(ZoneInfo("Asia/Shanghai"), (RuleVersion(0, 1, RuleSet()),))
BEGIN = parse_instant("2025-01-01T00:00:00+08:00")
UNTIL = parse_instant("2026-01-01T04:00:00+08:00")
SIZES = (1_000, 10_000, 100_000)
ARCHETYPES = 200
Row = tuple[str, str, str, str, str]


def rows(file: Path | None, count: int) -> Iterator[Row]:
    records = [_year_of(number) for number in range(ARCHETYPES)]
    per_member: dict[int, float] = {}
    for size in SIZES:
        per_member[size] = 1e6 * _evaluate(records, size) / size
        ratio = per_member[size] / per_member[SIZES[0]]
        shown = f"{per_member[SIZES[0]]:.1f} µs（{SIZES[0]:,} 人）"
        yield f"每日评定，{size:,} 人", f"{per_member[size]:.1f} µs/人", shown, f"{ratio:.2f}", "≤ 1.3，≤ 100 µs/人"


def _year_of(number: int) -> bytes:
    """The folded facts of one kind of member after a year: from a few words a month to dozens a day."""
    chance = random.Random(number)
    daily = 10 ** chance.uniform(-2, 1.2)
    entries = [Entry("join", "join", BEGIN, "m", "g")]
    for day in range(365):
        for talk in range(_poisson(chance, daily)):
            at = BEGIN + day * DAY + chance.randrange(8, 22) * HOUR + talk * 61_000_000
            entries.append(Entry(f"{day}-{talk}", "message", at, "m", "g", quality=1.0, valid=True))
    facts = Facts("m")
    fold(facts, sorted(entries, key=lambda entry: entry.order), WORLD, UNTIL, Journal())
    return orjson.dumps(facts.as_record(), option=orjson.OPT_NON_STR_KEYS)


def _poisson(chance: random.Random, mean: float) -> int:
    return min(60, int(chance.expovariate(1 / mean) + 0.5))


def _evaluate(records: list[bytes], size: int) -> float:
    """Seconds of one daily evaluation of `size` members, a day after the last."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        database.migrate()
        try:
            _fill(database, records, size)
            return _evaluation(database, UNTIL + DAY)
        finally:
            database.close()


def _fill(database: Database, records: list[bytes], size: int) -> None:
    for start in range(0, size, 1000):
        names = [f"m{number:07}" for number in range(start, min(size, start + 1000))]
        rollups = [
            RollupRow(name, UNTIL, None, records[int(name[1:]) % ARCHETYPES].replace(b'"member":"m"', _member(name)))
            for name in names
        ]
        database.write_sync(lambda uow, names=names: uow.members.introduce(dict.fromkeys(names, "")))
        database.write_sync(lambda uow, rollups=rollups: uow.rollups.save(rollups))


def _member(name: str) -> bytes:
    return f'"member":"{name}"'.encode()


def _evaluation(database: Database, until: Instant) -> float:
    started, after = time.perf_counter(), None
    while members := database.read(lambda uow, after=after: sweeps.page(uow, after)):
        database.write_sync(lambda uow, members=members: sweeps.bring_page(uow, members, WORLD, until, until))
        after = members[-1]
    return time.perf_counter() - started
