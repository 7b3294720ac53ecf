"""What a member said, rolled up by group-local calendar day, and the weights of RULEBOOK §2 over it.

Only valid messages are kept, and only for a month before the last interaction: no rule on speech looks further back.
Messages come in time order, so the days stand in order too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import SECOND, Instant, local_day
from bot.core.ruleset import ActivityRules


@dataclass(slots=True)
class SpeechDay:
    """One day's valid messages in time order: instants and quality coefficients (0–2; 0 for a restricted member's)."""

    ats: list[Instant] = field(default_factory=list)
    qualities: list[float] = field(default_factory=list)

    def add(self, at: Instant, quality: float) -> None:
        if not self.ats or at >= self.ats[-1]:
            self.ats.append(at)
            self.qualities.append(quality)
            return
        place = bisect_right(self.ats, at)
        self.ats.insert(place, at)
        self.qualities.insert(place, quality)

    def take_back(self, at: Instant, quality: float) -> bool:
        """Remove the message said at `at` with `quality`; False if it is not here."""
        for place in range(bisect_left(self.ats, at), bisect_right(self.ats, at)):
            if self.qualities[place] == quality:
                del self.ats[place], self.qualities[place]
                return True
        return False

    def weight(self, rules: ActivityRules, first: int = 0, last: int | None = None) -> float:
        """Speech weight = effective count × mean quality (发言频次 × 内容质量系数) of messages [first:last].

        At most `daily_cap` messages are effective, and at most one in `speech_gap_seconds`.
        """
        ats, qualities = self.ats[first:last], self.qualities[first:last]
        if len(ats) == 1 and rules.daily_cap > 0:
            return max(0.0, qualities[0])
        gap = int(rules.speech_gap_seconds * SECOND)
        counted, total, previous = 0, 0.0, -gap
        for at, quality in zip(ats, qualities, strict=True):
            if at - previous >= gap and quality > 0:
                counted, total, previous = counted + 1, total + quality, at
                if counted == rules.daily_cap:
                    break
        return total


@dataclass(slots=True)
class Speech:
    """Valid messages by local day number, oldest day first."""

    days: dict[int, SpeechDay] = field(default_factory=dict)
    _weights: dict[int, float] = field(default_factory=dict, compare=False)
    _weighed_by: ActivityRules | None = field(default=None, compare=False)

    def add(self, at: Instant, quality: float, zone: ZoneInfo) -> None:
        number = local_day(at, zone)
        day = self.days.get(number)
        if day is None:
            day = self.days[number] = SpeechDay()
        day.add(at, quality)
        self._weights.pop(number, None)

    def take_back(self, at: Instant, quality: float, zone: ZoneInfo) -> bool:
        number = local_day(at, zone)
        day = self.days.get(number)
        if day is None or not day.take_back(at, quality):
            return False
        self._weights.pop(number, None)
        if not day.ats:
            del self.days[number]
        return True

    @property
    def last_day(self) -> int | None:
        return next(reversed(self.days)) if self.days else None

    @property
    def last_at(self) -> Instant | None:
        return next(reversed(self.days.values())).ats[-1] if self.days else None

    def forget_before(self, number: int) -> Instant | None:
        """Drop days before local day `number`; returns the last instant dropped."""
        last = None
        for day in [day for day in self.days if day < number]:
            last = self.days.pop(day).ats[-1]
            self._weights.pop(day, None)
        return last

    def count(self, start: Instant, end: Instant, zone: ZoneInfo) -> int:
        """Valid messages in (start, end]."""
        total = 0
        for _, day, whole in self._touched(start, end, zone):
            total += len(day.ats) if whole else bisect_right(day.ats, end) - bisect_right(day.ats, start)
        return total

    def fine(self, start: Instant, end: Instant, bar: float, zone: ZoneInfo) -> list[Instant]:
        """Instants in (start, end] of messages with a quality of at least `bar`, newest first."""
        said = [
            (at, quality)
            for _, day, _ in self._touched(start, end, zone)
            for at, quality in zip(reversed(day.ats), reversed(day.qualities), strict=True)
        ]
        return [at for at, quality in said if quality >= bar and start < at <= end]

    def weights(self, start: Instant, end: Instant, rules: ActivityRules, zone: ZoneInfo) -> dict[int, float]:
        """Speech weight of each day touched by (start, end], of the messages inside it."""
        if rules is not self._weighed_by:
            self._weights, self._weighed_by = {}, rules
        found: dict[int, float] = {}
        for number, day, whole in self._touched(start, end, zone):
            known = self._weights.get(number) if whole else None
            if known is None:
                known = day.weight(rules, bisect_right(day.ats, start), bisect_right(day.ats, end))
                if whole:
                    self._weights[number] = known
            found[number] = known
        return found

    def _touched(self, start: Instant, end: Instant, zone: ZoneInfo) -> Iterator[tuple[int, SpeechDay, bool]]:
        """The days that (start, end] touches, newest first, and whether all that was said on them lies inside."""
        if not self.days:
            return
        first = local_day(start, zone)
        for number in reversed(self.days):
            if number < first:
                return
            day = self.days[number]
            if day.ats[0] <= end:
                yield number, day, number > first and day.ats[-1] <= end

    def as_record(self) -> list[Any]:
        """[day, instants, qualities] of each day; the lists are shared, not copied: this runs on every message."""
        return [[day, kept.ats, kept.qualities] for day, kept in self.days.items()]

    @classmethod
    def from_record(cls, record: list[Any]) -> Speech:
        return cls({day: SpeechDay(ats, qualities) for day, ats, qualities in record})
