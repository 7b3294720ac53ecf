"""Comparing everybody with everybody, in short transactions (bot.services.ranking says what is found)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice

from bot.core.instants import Instant
from bot.core.world import World
from bot.services import ranking
from bot.services.cohorts import Turn
from bot.services.ranking import Walk
from handlers.house import House
from storage.rows import SampleRow, TagChangeRow
from storage.unit_of_work import UnitOfWork

SAMPLES, CHANGES, MEMBERS = 5000, 2000, 500
"""Rows read at a time, changes and members written at a time."""


def compare(house: House, world: World, until: Instant, now: Instant, anew: bool = False) -> set[str]:
    """Bring the quantile tags to `until`; `anew`: from the first sample. Returns whose tags came out otherwise."""
    database = house.database
    start = database.write_sync(lambda uow: ranking.begin(uow, world, until, anew))
    walk = Walk(world, start)
    database.read(lambda uow: walk.stand(uow.samples.holding(start)))
    for rows in _samples(house, start, until):
        _write(house, walk.take(rows), world, now)
    _write(house, walk.finish(until), world, now)
    changed: set[str] = set()
    everybody = range(len(walk.cohorts.members))
    for first in range(0, len(everybody), MEMBERS):
        places = everybody[first : first + MEMBERS]
        changed |= database.write_sync(lambda uow, page=places: ranking.settle(uow, walk, page))  # type: ignore[misc]
    database.write_sync(ranking.end)
    return changed


def compare_again(house: House, now: Instant) -> None:
    """If late events have changed what was compared, compare again up to where it was."""
    until = house.database.read(ranking.disturbed)
    if until is not None:
        compare(house, house.database.read(lambda uow: house.world(uow, now)), until, now)


def _samples(house: House, start: Instant, until: Instant) -> Iterator[list[SampleRow]]:
    after = (start + 1, "")
    while rows := house.database.read(lambda uow, place=after: uow.samples.begun(place, until, SAMPLES)):  # type: ignore[misc]
        after = (rows[-1].at, rows[-1].member)
        yield rows


def _write(house: House, turns: Iterable[Turn], world: World, now: Instant) -> None:
    rows = (row for turn in turns for row in ranking.changes_of(turn, world, now))
    while page := list(islice(rows, CHANGES)):
        _add(house, page)


def _add(house: House, page: list[TagChangeRow]) -> None:
    def unit(uow: UnitOfWork) -> None:
        uow.tags.add_changes(page)

    house.database.write_sync(unit)
