"""The daily evaluation and a dry run: cost per member of houses of several sizes, a year after everybody came.

The house is generated through the storage layer. Its mix is that of a large community, where a few talk daily and most
are silent (SHARES); a tenth buy. What is said on the day evaluated stands in the log, as if it had just come in.
`make bench ARGS="evaluation --members 1000000"` adds a larger house (6 GB on disk, seven minutes).
"""

from __future__ import annotations

import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.fold import fold
from bot.core.holding import settle
from bot.core.instants import DAY, HOUR, MINUTE, Instant, parse_instant
from bot.core.journal import Journal
from bot.core.ruleset import ActivityRules, LifecycleRules, RuleSet
from bot.core.world import RuleVersion, World
from bot.services import sweeps, tag_rows, tagging
from bot.services.audience import MARKETING
from bot.services.outreach import Speaking
from bot.services.rehearsal import Rehearsal, coming
from config.messages import Messages, load_messages
from config.onboarding import load_onboarding
from config.settings import PACKAGED_CONFIG
from storage.database import Database
from storage.rows import ConsentRow, EventRow, RollupRow
from storage.unit_of_work import UnitOfWork

WORLD = World(ZoneInfo("Asia/Shanghai"), (RuleVersion(0, 1, RuleSet()),))
TRIED = RuleSet(activity=ActivityRules(high=2.5), lifecycle=LifecycleRules(decline_silence_days=25.0))
BEGIN = parse_instant("2025-01-01T00:00:00+08:00")
UNTIL = parse_instant("2026-01-01T04:00:00+08:00")
SIZES = (1_000, 10_000, 100_000)
"""Houses that are measured, up to the largest that is asked for."""
TAG = ("行为/活跃度", "高活跃")
KINDS, PAGE = 200, 500
SHARES = ((0.05, 1.0, 15.0), (0.15, 0.14, 1.0), (0.30, 0.03, 0.14), (0.50, 0.0005, 0.03))
"""Share of the members, and between how many and how many messages a day each of them writes: 5 % daily, 15 % weekly,
30 % monthly, half of them a few times a year or never."""
BUYERS = 0.1
FRIENDS = 4
"""One kind in so many has a direct chat and agreed to be written to."""
Row = tuple[str, str, str, str, str]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of member: his facts after the year, and what he says on the day after."""

    facts: Facts
    rollup: RollupRow
    said: list[Entry]


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of one core per member, how many were awake, what finding one holder of a tag costs (`tagged`, of a
    list read page by page), and megabytes at most."""

    evaluation: float
    awake: int
    dry_run: float
    tagged: float
    peak: float


def rows(file: Path | None, most: int) -> Iterator[Row]:
    """`most`: members of the largest house."""
    kinds = [_kind(number) for number in range(KINDS)]
    sizes = sorted({*(size for size in SIZES if size < most), most})
    costs = {size: _cost(kinds, size) for size in sizes}
    first, last, size = costs[sizes[0]], costs[most], most
    for own, cost in costs.items():
        shown = f"{first.evaluation:.1f} µs（{sizes[0]:,} 人）"
        ratio = f"{cost.evaluation / first.evaluation:.2f}"
        yield f"每日评定，{own:,} 人", f"{cost.evaluation:.1f} µs/人", shown, ratio, "≤ 1.3，≤ 100 µs/人"
    awake = last.evaluation * size / last.awake
    yield "其中有变化的成员", f"{awake:.0f} µs/人", f"{last.awake:,} 人", f"{last.awake / size:.0%}", "—"
    for own, cost in costs.items():
        ratio = f"{cost.dry_run / cost.evaluation:.2f}"
        yield (
            f"rules dry-run，{own:,} 人",
            f"{cost.dry_run:.1f} µs/人",
            f"{cost.evaluation:.1f} µs",
            ratio,
            "≤ 200 µs/人",
        )
    ratio = f"{last.tagged / first.tagged:.2f}"
    yield f"members --tag，{size:,} 人", f"{last.tagged:.1f} µs/条", f"{first.tagged:.1f} µs/条", ratio, "不随人数增长"
    yield f"内存峰值，{size:,} 人", f"{last.peak:.0f} MB", f"{first.peak:.0f} MB", "", "不随人数增长"


def _kind(number: int) -> Kind:
    chance = random.Random(number)
    entries = sorted(_life(chance, *_rate(number)), key=lambda entry: entry.order)
    facts, journal = Facts("m"), Journal()
    fold(facts, (entry for entry in entries if entry.at <= UNTIL), WORLD, UNTIL, journal)
    settle(facts, WORLD, UNTIL, journal)
    facts.friend = number % FRIENDS == 0
    return Kind(facts, tagging.rollup_of(facts, WORLD), [entry for entry in entries if entry.at > UNTIL])


def _rate(number: int) -> tuple[float, float]:
    place = number / KINDS
    for share, least, most in SHARES:
        if place < share:
            return least, most
        place -= share
    return SHARES[-1][1:]


def _life(chance: random.Random, least: float, most: float) -> Iterator[Entry]:
    """A join, a year and a day of talk with a topic now and then, and of some what they buy."""
    daily = least * (most / least) ** chance.random()
    yield Entry("join", "join", BEGIN, "m", "g")
    at = float(BEGIN)
    while (at := at + chance.expovariate(daily) * DAY + MINUTE) < UNTIL + DAY:
        body = {"topic": chance.choice(("科技", "美食", "体育"))} if chance.random() < 0.3 else {}
        yield Entry(f"s{int(at)}", "message", int(at), "m", "g", body, chance.choice((0.5, 1.0, 1.5)), "", True)
    if chance.random() < BUYERS:
        for order in range(chance.randrange(1, 8)):
            bought = BEGIN + chance.randrange(365 * 24) * HOUR
            yield Entry(f"o{order}", "order", bought, "m", None, {"order": f"{order}", "amount_yuan": 19_900})


def _cost(kinds: list[Kind], size: int) -> Cost:
    """One daily evaluation, a day after the last, then a dry run of other rules."""
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/bench.db")
        database.migrate()
        try:
            for start in range(0, size, PAGE):
                numbers = range(start, min(size, start + PAGE))
                database.write_sync(partial(_fill, kinds=kinds, numbers=numbers))
            awake = database.read(lambda uow: uow.rollups.count_awake(UNTIL + DAY))
            evaluation, dry_run = _timed(partial(_evaluate, database)), _timed(partial(_try, database))
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            return Cost(1e6 * evaluation / size, awake, 1e6 * dry_run / size, _tagged(database), peak)
        finally:
            database.close()


def _fill(uow: UnitOfWork, kinds: list[Kind], numbers: range) -> None:
    owned = [(f"m{number:07}", kinds[number * 7919 % KINDS]) for number in numbers]
    uow.members.introduce(dict.fromkeys((name for name, _ in owned), ""))
    uow.rollups.save(
        kind.rollup._replace(
            member=name, facts=kind.rollup.facts.replace(b'"member":"m"', b'"member":"%b"' % name.encode())
        )
        for name, kind in owned
    )
    tag_rows.project(uow, [(replace(kind.facts, member=name), {}) for name, kind in owned])
    uow.events.add(_logged(name, entry) for name, kind in owned for entry in kind.said)
    uow.consents.add(_agreed(owned))
    uow.rollups.mark_late({name: kind.said[0].at for name, kind in owned if kind.said})


def _agreed(owned: list[tuple[str, Kind]]) -> Iterator[ConsentRow]:
    return (ConsentRow(name, MARKETING, True, BEGIN, None, name) for name, kind in owned if kind.facts.friend)


def _logged(name: str, entry: Entry) -> EventRow:
    body = "{}" if not entry.body else f'{{"topic":"{entry.body["topic"]}"}}'
    head = (f"{name}-{entry.id}", entry.type, entry.at, name, entry.group, body)
    return EventRow(*head, None, entry.quality, entry.quality, "", entry.valid)


def _timed(work: Callable[[], None]) -> float:
    """Processor seconds, also of the writer's thread."""
    started = time.process_time()
    work()
    return time.process_time() - started


def _evaluate(database: Database) -> None:
    until: Instant = UNTIL + DAY
    after: str | None = None
    while members := database.read(partial(sweeps.waiting, as_of=until, after=after, size=PAGE)):
        database.write_sync(partial(sweeps.bring_page, members=members, world=WORLD, as_of=until, now=until))
        after = members[-1]


def _try(database: Database) -> None:
    at, after = UNTIL + DAY, None
    then = coming(WORLD, TRIED, at)
    trial = Rehearsal(WORLD, then, at, Speaking(at, at, TRIED, WORLD.zone, _texts().text, BEGIN))
    while members := database.read(partial(sweeps.page, after=after, size=PAGE)):
        database.read(partial(trial.try_page, members=members))
        after = members[-1]
    database.read(trial.compare)


def _tagged(database: Database) -> float:
    """Microseconds for each who holds the tag, read page by page as `members --tag` reads them."""
    (path, value), found, after = TAG, 0, None
    started = time.process_time()
    while rows := database.read(
        lambda uow, after=after: uow.members.page(after, PAGE, path=path, value=value)  # type: ignore[misc]
    ):
        after, found = rows[-1].member, found + len(rows)
    return 1e6 * (time.process_time() - started) / found


def _texts() -> Messages:
    return load_messages(PACKAGED_CONFIG, load_onboarding(PACKAGED_CONFIG).texts)
