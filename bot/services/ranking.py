"""Quantile tags (RULEBOOK §0): every daily evaluation passed in turn, everybody compared at each, from samples alone.

A member's fold knows nothing of others; it leaves samples. Here the evaluations since the last comparison are gone
through, or those since the earliest sample that a late event changed, and changes, tags and `since` are written as
they came about. So the tags depend on the set of samples only, however and in whatever pieces these came in.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby, pairwise

from bot.core.instants import Instant, last_daily, next_daily
from bot.core.rules.cohort import RANK_RULES, RANKS
from bot.core.world import RuleVersion, World
from bot.services.cohorts import NONE, Cohorts, Turn
from bot.services.samples import COMPARED_TO, DISTURBED_FROM
from storage.rows import SampleRow, TagChangeRow, TagRow
from storage.unit_of_work import UnitOfWork

UNDERWAY = "compare_underway"
"""Deployment key: where a comparison that is not finished began."""
RFM_RANK = 2


def disturbed(uow: UnitOfWork) -> Instant | None:
    """Up to when everybody must be compared again because of late events, if so."""
    marks = [uow.deployment.get(DISTURBED_FROM), uow.deployment.get(UNDERWAY)]
    return compared_to(uow) if any(mark is not None for mark in marks) else None


def compared_to(uow: UnitOfWork) -> Instant | None:
    """Up to when everybody has been compared."""
    told = uow.deployment.get(COMPARED_TO)
    return None if told is None else int(told)


def begin(uow: UnitOfWork, world: World, until: Instant, anew: bool) -> Instant:
    """Note that a comparison up to `until` is under way; returns the evaluation that it goes on from.

    What was written about later time goes. A comparison that was cut off begins again where it began.
    """
    start = _daily_before(world, -1 if anew else _known_to(uow))
    uow.deployment.delete(DISTURBED_FROM)
    uow.deployment.put(COMPARED_TO, str(until))
    uow.deployment.put(UNDERWAY, str(start))
    uow.tags.cut_changes(RANK_RULES, start)
    return start


def _known_to(uow: UnitOfWork) -> Instant:
    """The instant up to which the last comparison still stands."""
    told, late, cut_off = (uow.deployment.get(key) for key in (COMPARED_TO, DISTURBED_FROM, UNDERWAY))
    known = [-1 if told is None else int(told)]
    if late is not None:
        known.append(int(late) - 1)
    if cut_off is not None:
        known.append(int(cut_off))
    return min(known)


def _daily_before(world: World, at: Instant) -> Instant:
    """The last daily evaluation at or before `at`; -1 before all time."""
    return -1 if at < 0 else last_daily(at + 1, world.version(at).rules.lifecycle.evaluation_hour, world.zone)


def end(uow: UnitOfWork) -> None:
    uow.deployment.delete(UNDERWAY)


@dataclass(slots=True)
class Walk:
    """The way of all members through the evaluations after `start`."""

    world: World
    start: Instant
    cohorts: Cohorts = field(default_factory=Cohorts)
    _next: Instant | None = None
    _stirred: bool = False
    _rule_set: int | None = None
    _turns: list[RuleVersion] = field(init=False)
    """Activations that change how members are compared, and have not been passed."""

    def __post_init__(self) -> None:
        pairs = pairwise(self.world.versions)
        self._turns = [new for old, new in pairs if old.rules.cohort != new.rules.cohort]
        self._turns = [turn for turn in self._turns if turn.active_from >= self.start]

    def stand(self, holding: Iterable[SampleRow]) -> None:
        """Take up what held at `start`, and what its evaluation said."""
        if self.start >= 0:
            self.cohorts.take(holding)
            for _ in self.cohorts.evaluate(self.start, self.world.placed(self.start).rules.cohort):
                pass
            while self._turns and self._turns[0].active_from == self.start:
                for _ in self.cohorts.evaluate(self.start, self._turns.pop(0).rules.cohort):
                    pass
            self.cohorts.since[:] = NONE
            self._next = self._after(self.start)
            self._rule_set = self.world.version(self.start).number

    def take(self, rows: Iterable[SampleRow]) -> Iterator[Turn]:
        """Go on to these samples, which come by (at, member)."""
        for at, same in groupby(rows, key=lambda row: row.at):
            yield from self.go(at - 1)
            if self._next is None:
                self._next = self._after(at - 1)
                self._turns = [turn for turn in self._turns if turn.active_from >= at]
            places = self.cohorts.take(same)
            if at == self._next:
                self._stirred = True
            else:
                yield from self.cohorts.end(places, at)

    def finish(self, to: Instant) -> Iterator[Turn]:
        """Go on to `to`, and state what holds there by the last evaluation up to it, whether or not it found anything.

        So the reasons do not hang on where comparisons before this one ended.
        """
        yield from self.go(to)
        if self._next is not None:
            last = _daily_before(self.world, to)
            if last > max(cut.at for cut in self.cohorts.cuts):
                yield from self.cohorts.evaluate(last, self.world.placed(last).rules.cohort)

    def go(self, to: Instant) -> Iterator[Turn]:
        """Evaluate up to and at `to`; where nothing has moved there is nothing to find."""
        while self._next is not None and self._point(self._next) <= to:
            if self._turns and self._turns[0].active_from < self._next:
                turn = self._turns.pop(0)
                yield from self.cohorts.evaluate(turn.active_from, turn.rules.cohort)
                continue
            version = self.world.placed(self._next)
            few = 0 < self.cohorts.cuts[RFM_RANK].count < version.rules.cohort.least_members
            if self._stirred or few or version.number != self._rule_set:
                yield from self.cohorts.evaluate(self._next, version.rules.cohort)
            self._stirred, self._rule_set = False, version.number
            self._next = self._after(self._next)

    def _point(self, daily: Instant) -> Instant:
        """The next instant of comparison."""
        return min(daily, self._turns[0].active_from) if self._turns else daily

    def _after(self, at: Instant) -> Instant:
        return next_daily(at, self.world.version(at).rules.lifecycle.evaluation_hour, self.world.zone)


def changes_of(turn: Turn, world: World, now: Instant) -> Iterator[TagChangeRow]:
    """A class left and a class entered, as they are kept for ever."""
    rank, number = RANKS[turn.rank], world.version(turn.at).number
    for place, action in ((turn.old, "lost"), (turn.new, "gained")):
        if place != NONE:
            about = (turn.member, rank.path, rank.values[place], action, turn.at, turn.because)
            yield TagChangeRow(*about, rank.rule, number, now)


def settle(uow: UnitOfWork, walk: Walk, places: Collection[int]) -> set[str]:
    """Make the tag table hold what the walk has come to for these members; returns who held something else."""
    members = [walk.cohorts.members[place] for place in places]
    stored = uow.tags.of_members(members)
    gains: list[TagRow] = []
    losses: list[tuple[str, str, str]] = []
    for place, member in zip(places, members, strict=True):
        before = {(row.path, row.value): row for row in stored.get(member, ()) if row.rule in RANK_RULES}
        wanted = {(row.path, row.value): row for row in _wanted(uow, walk, place, before)}
        gains += [row for key, row in wanted.items() if before.get(key) != row]
        losses += [(member, *key) for key in before if key not in wanted]
    uow.tags.apply(gains, losses)
    return {row.member for row in gains} | {member for member, *_ in losses}


def _wanted(uow: UnitOfWork, walk: Walk, place: int, before: dict[tuple[str, str], TagRow]) -> Iterator[TagRow]:
    member = walk.cohorts.members[place]
    for number, rank in enumerate(RANKS):
        held = int(walk.cohorts.held[number, place])
        if held == NONE:
            continue
        key = (rank.path, rank.values[held])
        since, rule_set = _since(uow, walk, number, place, before.get(key), key)
        because = walk.cohorts.because(number, place)
        yield TagRow(member, *key, 1.0, "rule", since, None, because, rank.rule, rule_set)


def _since(
    uow: UnitOfWork, walk: Walk, number: int, place: int, stored: TagRow | None, key: tuple[str, str]
) -> tuple[Instant, int]:
    """When the value began, and under which rule set: on this walk, or as it was written down before."""
    since = int(walk.cohorts.since[number, place])
    if since != NONE:
        return since, walk.world.version(since).number
    if stored is not None and stored.since <= walk.start:
        return stored.since, stored.rule_set
    history = uow.tags.changes_of(walk.cohorts.members[place], key[0])
    gained = [row for row in history if row.value == key[1] and row.action == "gained" and row.at <= walk.start]
    return (gained[-1].at, gained[-1].rule_set) if gained else (walk.start, walk.world.version(walk.start).number)
