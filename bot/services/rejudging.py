"""Stretches of the log that late messages, joins or deaf spans have disturbed, and judging them again as a whole."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import NamedTuple

from bot.core.copies import Copy
from bot.core.instants import Instant
from bot.core.repetition import Heard
from bot.core.ruleset import RuleSet
from bot.core.surroundings import Joined
from bot.core.talk import Judged, Talk, ahead, checks_of_text, far
from bot.core.world import World
from bot.services.context import as_json, checks_of, deaf_spans, heard, in_order, is_valid, joins_between
from storage.repositories.events import Amendment
from storage.talk_rows import ContextRow
from storage.unit_of_work import UnitOfWork

DISTURBED_FROM, DISTURBED_TO = "disturbed_from", "disturbed_to"


def note(uow: UnitOfWork, spans: Sequence[tuple[Instant, Instant]]) -> None:
    """Write down which stretches of the log must be judged again; they count as one."""
    if spans:
        start, end = disturbed(uow) or spans[0]
        uow.deployment.put(DISTURBED_FROM, str(min(start, *(start for start, _ in spans))))
        uow.deployment.put(DISTURBED_TO, str(max(end, *(end for _, end in spans))))


def disturbed(uow: UnitOfWork) -> tuple[Instant, Instant] | None:
    """The stretch of the log that must be judged again, if any."""
    start = uow.deployment.get(DISTURBED_FROM)
    end = None if start is None else uow.deployment.get(DISTURBED_TO)
    return None if start is None or end is None else (int(start), int(end))


def turn_to_adverts(uow: UnitOfWork, copies: Iterable[Copy]) -> list[tuple[str, Instant]]:
    """Make adverts of logged messages that are such by what came after them; returns whose, and when they were said."""
    changes: list[_Change] = []
    for copy in copies:
        for row in uow.events.suspects_between(copy.at - 1, copy.at):
            if row.id == copy.id and not row.verdict:
                changes += _changed(row, Judged(True, None, copy.around))
    uow.events.amend([change.amendment for change in changes])
    return [(uow.links.main(change.member), change.at) for change in changes]


def rejudge(uow: UnitOfWork, world: World, most: int = 5000) -> tuple[dict[str, Instant], bool]:
    """Judge the next `most` messages of the disturbed stretch again, each by the rules that hold when it was said.

    Returns the earliest changed instant by member, and whether there is more to do. What is left stays noted, so that
    each call may be a transaction of its own.
    """
    stretch = disturbed(uow)
    if stretch is None:
        return {}, False
    start, end = stretch
    turn = world.changes_after(start - 1)  # whatever is said at that very instant is still under the rules before
    rules, until = world.placed(start).rules, end if turn is None else min(end, turn)
    beyond = until + ahead(rules)
    part = _Part(start, until, beyond if turn is None else min(beyond, turn), most)
    for changes in _chunked(part.changes(uow, rules)):
        uow.events.amend([change.amendment for change in changes])
        part.note(changes)
    left = part.stopped_at if part.stopped_at is not None else until + 1
    if left <= end:
        uow.deployment.put(DISTURBED_FROM, str(left))
        return part.earliest, True
    for key in (DISTURBED_FROM, DISTURBED_TO):
        uow.deployment.delete(key)
    return part.earliest, False


class _Change(NamedTuple):
    member: str
    at: Instant
    amendment: Amendment


class _Part:
    """One pass over a part of the stretch, and as far beyond as what is said there matters to it.

    `stopped_at`: the instant from which the next part goes on.
    """

    def __init__(self, start: Instant, until: Instant, beyond: Instant, most: int) -> None:
        self.start, self.until, self.beyond, self.most = start, until, beyond, most
        self.stopped_at: Instant | None = None
        self.earliest: dict[str, Instant] = {}
        self._open: dict[str, tuple[ContextRow, Judged]] = {}
        self._judged, self._last = 0, start

    def changes(self, uow: UnitOfWork, rules: RuleSet) -> Iterator[_Change]:
        since, reach = self.start - far(rules), ahead(rules)
        talk, rows = Talk(rules, deaf_spans(uow, since, self.beyond)), dict[str, ContextRow]()

        def said() -> Iterator[Heard]:
            for row in uow.events.messages_between(since, self.beyond):
                rows[row.id] = row
                yield heard(row, rules)

        for item in in_order(said(), joins_between(uow, since, self.beyond)):
            if isinstance(item, Joined):
                talk.join(item)
                continue
            self._limit(item.at)
            if item.at > self.until + reach:
                break
            yield from self._settled(item.at - reach)
            self._hear(talk, item, rows.pop(item.id))
        yield from self._settled(self.until)

    def _limit(self, at: Instant) -> None:
        """After `most` messages this part ends; those of one instant stay together."""
        if self._judged >= self.most and self._last < at <= self.until:
            self.stopped_at, self.until = at, at - 1

    def _hear(self, talk: Talk, item: Heard, row: ContextRow) -> None:
        found = talk.judge_next(item)
        for copy in talk.take_turned():
            if copy.id in self._open:
                earlier, before = self._open[copy.id]
                self._open[copy.id] = earlier, before.turned(copy)
        if self.start <= row.at <= self.until:
            self._judged, self._last = self._judged + 1, row.at
            self._open[row.id] = row, found

    def _settled(self, until: Instant) -> Iterator[_Change]:
        """What nothing can change any more, since all up to there is beyond the reach of copies."""
        while self._open:
            row, found = next(iter(self._open.values()))
            if row.at > until:
                return
            del self._open[row.id]
            yield from _changed(row, found)

    def note(self, changes: Iterable[_Change]) -> None:
        for member, at, _ in changes:
            self.earliest[member] = min(at, self.earliest.get(member, at))


def _changed(row: ContextRow, found: Judged) -> Iterator[_Change]:
    """A verdict is written again also when only what its checks saw is new."""
    verdict, quality = found.verdict, 0.0 if found.judgement is None else found.judgement.q
    checks = as_json(found.checks(checks_of_text(checks_of(row)))) if verdict or row.score else None
    if quality == row.quality and verdict == row.verdict and (not verdict or checks == row.checks):
        return
    valid = is_valid(row.role, verdict, quality)
    yield _Change(row.member or "", row.at, (row.id, quality, verdict, valid, checks))


def _chunked(changes: Iterable[_Change], size: int = 500) -> Iterator[list[_Change]]:
    source = iter(changes)
    while chunk := list(islice(source, size)):
        yield chunk
