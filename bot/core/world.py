"""What a fold needs besides the member's own events: zone, rule timeline, and when the bot was deaf."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.core.instants import Instant, Span
from bot.core.ruleset import RuleSet


@dataclass(frozen=True, slots=True)
class Deaf:
    """A span in which the bot was not listening; `group` None means all groups."""

    start: Instant
    end: Instant
    group: str | None = None


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A rule set and the instant from which it holds: after the events and evaluations of that very instant.

    `turn` numbers the activation; several may fall on one instant.
    """

    active_from: Instant
    number: int
    rules: RuleSet
    turn: int = 0


@dataclass(frozen=True, slots=True)
class World:
    """Surroundings of a fold. `versions` is ordered by `active_from`; the first also covers all earlier time.

    `deaf` holds the spans of all deaf events known, also those told only after the span.
    """

    zone: ZoneInfo
    versions: Sequence[RuleVersion]
    deaf: Sequence[Deaf] = field(default_factory=tuple)
    _ends: Sequence[Instant] = field(init=False, repr=False)
    _begins: Sequence[Instant] = field(init=False, repr=False, compare=False)
    _places: Mapping[int, int] = field(init=False, repr=False, compare=False)
    _alone: dict[int, World] = field(init=False, repr=False, compare=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Spans are kept by their end, so that a look at recent time does not walk through years of them."""
        by_end = sorted(self.deaf, key=lambda span: span.end)
        object.__setattr__(self, "deaf", tuple(by_end))
        object.__setattr__(self, "_ends", tuple(span.end for span in by_end))
        object.__setattr__(self, "_begins", tuple(version.active_from for version in self.versions))
        object.__setattr__(self, "_places", {version.turn: place for place, version in enumerate(self.versions)})

    def version(self, at: Instant) -> RuleVersion:
        """The rule set in force once `at` is over."""
        if len(self.versions) == 1:
            return self.versions[0]
        return self.versions[max(0, bisect_right(self._begins, at) - 1)]

    def before(self, at: Instant) -> World:
        """The world as the events and evaluations of `at` itself see it: a new rule set holds only after them."""
        if len(self.versions) == 1 or at not in self._begins:
            return self
        return self.alone(self.placed(at))

    def placed(self, at: Instant) -> RuleVersion:
        """The rule set that holds when `at` begins."""
        return self.versions[max(0, bisect_left(self._begins, at) - 1)]

    def turn_after(self, passed: int | None) -> RuleVersion | None:
        """The rule set that comes into force next after the activation `passed`; None after the last, or an unknown."""
        if len(self.versions) == 1:
            return None
        place = None if passed is None else self._places.get(passed)
        return None if place is None or place + 1 >= len(self.versions) else self.versions[place + 1]

    def knows(self, turn: int | None) -> bool:
        """Whether an activation belongs to this time line: one that was rolled back does not."""
        return turn in self._places

    def of_turn(self, turn: int | None) -> RuleVersion:
        """The rule set that an activation brought; the first one for none."""
        return next((version for version in self.versions if version.turn == turn), self.versions[0])

    def alone(self, version: RuleVersion) -> World:
        """This world as if one rule set had always held."""
        if version.turn not in self._alone:
            self._alone[version.turn] = World(self.zone, (version,), self.deaf)
        return self._alone[version.turn]

    def changes_after(self, at: Instant) -> Instant | None:
        """When the next rule set comes into force."""
        return next((version.active_from for version in self.versions if version.active_from > at), None)

    def deaf_time(self, start: Instant, end: Instant, groups: Mapping[str, Instant]) -> Span:
        """Length of the union of deaf spans inside (start, end] that concern all groups or one of `groups`.

        `groups` says since when the member has been met in each: what a group was deaf to before does not concern him.
        """
        if not self.deaf:
            return 0
        spans = []
        for span in self.deaf[bisect_right(self._ends, start) :]:
            since = start if span.group is None else groups.get(span.group, end)
            low, high = max(span.start, start, since), min(span.end, end)
            if low < high:
                spans.append((low, high))
        return _union(sorted(spans))


def _union(spans: Sequence[tuple[Instant, Instant]]) -> Span:
    total, covered = 0, 0
    for start, end in spans:
        total += max(0, end - max(start, covered))
        covered = max(covered, end)
    return total
