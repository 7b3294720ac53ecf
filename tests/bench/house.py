"""A house on a throw-away SQLite file, for measuring."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.cli.house import house_of
from bot.core.events import parse_event
from bot.services import intake
from bot.services.intake import Arrival, Prepared
from config.settings import Settings
from handlers.house import House
from handlers.preparing import prepare
from handlers.turn import record


@dataclass(slots=True)
class BenchHouse:
    """Writes as the command line (`write`) and as the running bot (`turn`) do."""

    house: House

    def warm_up(self) -> None:
        """Load dictionary and word lists, which is start-up and not ingest."""
        self.house.reader.read("热身")

    def prepare(self, lines: Sequence[str]) -> list[Prepared]:
        events = [parse_event(json.loads(line)) for line in lines]
        self.house.reader.foresee([event.text for event in events if event.text])
        return [prepare(event, self.house.reader, self.house.traces, self.house.introductions) for event in events]

    def write(self, batch: Sequence[Prepared]) -> None:
        house = self.house
        house.database.write_sync(lambda uow: intake.record(uow, batch, house.context, Arrival(house.now())))

    def turn(self, batch: Sequence[Prepared]) -> None:
        self.house.database.write_sync(lambda uow: record(uow, self.house, batch))


@contextmanager
def bench_house(folder: Path) -> Iterator[BenchHouse]:
    with house_of(Settings(database_url=f"sqlite:///{folder / 'bench.db'}")) as house:
        yield BenchHouse(house)


def batches(lines: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    for start in range(0, len(lines), size):
        yield lines[start : start + size]
