"""What a fold needs besides the member's own events: zone, rule timeline, and when the bot was deaf."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Container, Sequence
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
    """A rule set and the instant from which it holds."""

    active_from: Instant
    number: int
    rules: RuleSet


@dataclass(frozen=True, slots=True)
class World:
    """Surroundings of a fold. `versions` is ordered by `active_from`; the first also covers all earlier time."""

    zone: ZoneInfo
    versions: Sequence[RuleVersion]
    deaf: Sequence[Deaf] = field(default_factory=tuple)

    def version(self, at: Instant) -> RuleVersion:
        """The rule set in force at `at`."""
        if len(self.versions) == 1:
            return self.versions[0]
        place = bisect_right([version.active_from for version in self.versions], at)
        return self.versions[max(0, place - 1)]

    def deaf_time(self, start: Instant, end: Instant, groups: Container[str]) -> Span:
        """Length of the union of deaf spans inside (start, end] that concern one of `groups` or all groups."""
        if not self.deaf:
            return 0
        spans = sorted(
            (max(span.start, start), min(span.end, end))
            for span in self.deaf
            if (span.group is None or span.group in groups) and span.end > start and span.start < end
        )
        return _union(spans)


def _union(spans: Sequence[tuple[Instant, Instant]]) -> Span:
    total, covered = 0, 0
    for start, end in spans:
        total += max(0, end - max(start, covered))
        covered = max(covered, end)
    return total
