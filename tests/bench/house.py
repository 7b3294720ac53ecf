"""A house on a throw-away SQLite file, for measuring."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from bot.cli.house import house_of
from bot.core.events import parse_event
from bot.core.garbage import collector_at_ease
from bot.services.intake import Prepared
from config.settings import Settings
from handlers.files.event_lines import read_events
from handlers.files.outside import Outside, decode
from handlers.files.run import Run
from handlers.files.source import Source
from handlers.house import House
from handlers.preparing import prepare
from handlers.turn import record

T = TypeVar("T")


@dataclass(slots=True)
class BenchHouse:
    """Takes facts in as the command line (`take_file`) and as the running bot (`turns`) do."""

    house: House

    def warm_up(self) -> None:
        """Load dictionary and word lists, which is start-up and not ingest."""
        self.house.reader.read("热身")

    def take_file(self, path: Path) -> None:
        house = self.house
        outside = Outside(house)
        Run(house, "bench").take(read_events(Source.open(str(path)), outside), lambda: None)

    def turns(self, batches: Iterable[Sequence[str]]) -> None:
        with collector_at_ease():
            for lines in batches:
                batch = self._prepare(lines)
                self.house.database.write_sync(lambda uow, batch=batch: record(uow, self.house, batch))

    def _prepare(self, lines: Sequence[str]) -> list[Prepared]:
        house = self.house
        events = [parse_event(decode(line.encode())) for line in lines]
        house.reader.foresee([event.text for event in events if event.text])
        return [prepare(event, house.reader, house.traces, house.introductions) for event in events]


@contextmanager
def bench_house(folder: Path, engine: str | None = None) -> Iterator[BenchHouse]:
    """With the given engine, else the one that the environment names."""
    settings = Settings(database_url=f"sqlite:///{folder / 'bench.db'}")
    with house_of(settings if engine is None else settings.model_copy(update={"tokenizer": engine})) as house:
        yield BenchHouse(house)


def batches(items: Sequence[T], size: int) -> Iterator[Sequence[T]]:
    for start in range(0, len(items), size):
        yield items[start : start + size]
