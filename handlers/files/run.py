"""Taking a file's facts in: batches into the log, and at the end what had to wait for the whole file.

At the end facts released by a consent are written down, stretches disturbed by late messages are judged again, and
members whose past has changed are folded again. So the result does not depend on the order of the lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from bot.core.drawn import DRAWN
from bot.core.events import Event
from bot.core.garbage import collector_at_ease
from bot.services import consent, intake, lateness, roles
from bot.services.intake import Arrival, Prepared, Recorded
from handlers.afterwards import fold_again, judge_again
from handlers.files.source import Refusal
from handlers.house import House
from handlers.preparing import prepare
from storage.unit_of_work import UnitOfWork

BATCH = 2000
ERRORS_TOLD = 1000
NO_CONSENT = "没有相应的授权，未保存"
NO_RIGHT = "by 当时不是运营总监，不能任命或撤销"
APPOINTING = frozenset({"grant", "revoke"})
BLOCKED = "未满十四周岁，或本人已要求被忘记，未保存"

Item = tuple[int, Event] | Refusal | None


@dataclass(slots=True)
class Summary:
    """CONTRACT's summary of an intake. `skipped`: read, and nothing to keep (system notices).

    `errors` tells the first refusals, `errors_omitted` how many more there were.
    """

    read: int = 0
    new: int = 0
    duplicate: int = 0
    rejected: int = 0
    skipped: int = 0
    errors: list[dict[str, Any]] = field(default_factory=list)
    errors_omitted: int = 0

    def refuse(self, line: int | None, reason: str, file: str | None = None) -> None:
        self.rejected += 1
        if len(self.errors) < ERRORS_TOLD:
            place = {} if file is None else {"file": file}
            self.errors.append({**place, "line": line, "reason": reason})
        else:
            self.errors_omitted += 1


@dataclass(slots=True)
class _Batch:
    """Facts read and not yet written, by line."""

    lines: dict[str, int] = field(default_factory=dict)
    prepared: list[Prepared] = field(default_factory=list)


def _text_of(item: Item) -> str | None:
    return item[1].text if isinstance(item, tuple) else None


class Run:
    """One run of `events` or `import`. `name` tells its waiting facts from those of other runs."""

    def __init__(self, house: House, name: str, *, historical: bool = False) -> None:
        self.summary = Summary()
        self._house, self._name = house, name
        self._arrival = Arrival(house.now(), historical, name)
        self._waiting: dict[str, int] = {}
        self._appointments: list[tuple[int, Event]] = []
        self._file: str | None = None
        self._thread = ThreadPoolExecutor(1)
        self._written: Future[None] | None = None

    def take(self, items: Iterable[Item], progress: Callable[[], None], file: str | None = None) -> None:
        """Take the items of one source in. While a batch is being written the next one is read."""
        self._file = file
        source = iter(items)
        with collector_at_ease():
            while chunk := list(islice(source, BATCH)):
                batch = self._prepare(chunk)
                self._wait()
                if batch.prepared:
                    self._written = self._thread.submit(self._write, batch)
                progress()
            self._wait()

    def _wait(self) -> None:
        if self._written is not None:
            self._written.result()
            self._written = None

    def _prepare(self, chunk: Sequence[Item]) -> _Batch:
        batch = _Batch()
        house, summary = self._house, self.summary
        house.reader.foresee([text for item in chunk if (text := _text_of(item))])
        for item in chunk:
            summary.read += 1
            if item is None:
                summary.skipped += 1
            elif isinstance(item, Refusal):
                summary.refuse(item.line, item.reason, self._file)
            elif item[1].type in APPOINTING and "by" in item[1].body:
                self._appointments.append(item)
            else:
                batch.lines.setdefault(item[1].id, item[0])
                event, ads = item[1], house.ads(item[1].at)
                batch.prepared.append(prepare(event, house.reader, house.traces, house.introductions, ads))
        return batch

    def _write(self, batch: _Batch) -> None:
        recorded = self._house.database.write_sync(lambda uow: self._record(uow, batch.prepared, self._arrival))
        self._count(recorded, batch.lines)
        for id_ in recorded.held:
            if id_ in batch.lines:
                self._waiting[id_] = batch.lines[id_]

    def _record(self, uow: UnitOfWork, prepared: Sequence[Prepared], arrival: Arrival) -> Recorded:
        recorded = intake.record(uow, prepared, self._house.context, arrival)
        lateness.note(uow, recorded)
        for one in recorded.new:
            roles.apply(uow, one.event)
        self._house.untidy |= uow.forgotten.touched
        return recorded

    def _count(self, recorded: Recorded, lines: dict[str, int]) -> None:
        self.summary.new += sum(prepared.event.type not in DRAWN for prepared in recorded.new)
        self.summary.duplicate += recorded.duplicates
        for ids, reason in ((recorded.dropped, NO_CONSENT), (recorded.blocked, BLOCKED)):
            for id_ in ids:
                if id_ in lines:
                    self.summary.refuse(lines[id_], reason, self._file)

    def finish(self, progress: Callable[[str], None]) -> None:
        """What had to wait for the end."""
        self._thread.shutdown()
        self._release()
        for line, event in sorted(self._appointments, key=lambda item: (item[1].at, item[1].id)):
            self._appoint(line, event)
        progress("重判迟到的消息")
        judge_again(self._house)
        progress("重算受影响的成员")
        fold_again(self._house)
        if self._house.untidy:
            self._house.database.scrub()

    def _appoint(self, line: int, event: Event) -> None:
        """Who is said to have appointed somebody had to be a director then, by settings or by a word in the log.

        Where that word stands in the file is of no consequence, so they are looked at when all of it is read.
        """
        settings = self._house.settings

        def unit(uow: UnitOfWork) -> Recorded | None:
            by = event.body["by"]
            if by not in settings.directors and not roles.was_director(uow, by, event.at):
                return None
            return self._record(uow, [Prepared(event)], self._arrival)

        recorded = self._house.database.write_sync(unit)
        if recorded is None:
            self.summary.refuse(line, NO_RIGHT, self._file)
        else:
            self._count(recorded, {event.id: line})

    def _release(self) -> None:
        arrival = Arrival(self._arrival.now, self._arrival.historical)

        def unit(uow: UnitOfWork) -> tuple[Recorded, list[str]]:
            kept, dropped = consent.release(uow, self._name)
            return self._record(uow, [Prepared(event) for event in kept], arrival), dropped

        recorded, dropped = self._house.database.write_sync(unit)
        recorded.dropped += dropped
        self._count(recorded, self._waiting)
