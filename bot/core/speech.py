"""What a member said, rolled up by group-local calendar day, and the weights of RULEBOOK §2 over it.

Only valid messages are kept, and only for a month before the last interaction: no rule on speech looks further back.
Messages come in time order, so the days stand in order too.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import SECOND, Instant, local_day
from bot.core.ruleset import ActivityRules

Scale = tuple[int, float]
"""The bars of a rule set that the weight of a day hangs on: `daily_cap` and `speech_gap_seconds`."""


@dataclass(slots=True)
class Speech:
    """Valid messages in time order: instants and quality coefficients (0–2; 0 for a restricted member's).

    days: the place of the first message of each local day, by day number, oldest day first. What whole days are worth
    is kept, with the scale it was weighed by, so that a daily evaluation weighs no day twice.
    """

    ats: list[Instant] = field(default_factory=list)
    qualities: list[float] = field(default_factory=list)
    days: dict[int, int] = field(default_factory=dict)
    _weights: dict[int, float] = field(default_factory=dict, compare=False)
    _scale: Scale | None = field(default=None, compare=False)

    def add(self, at: Instant, quality: float, zone: ZoneInfo) -> None:
        """Take in a message that is not older than any other.

        Where the clock goes back over midnight, the hour that comes twice belongs to the later day.
        """
        number = local_day(at, zone)
        if self.days:
            number = max(number, next(reversed(self.days)))
        self.days.setdefault(number, len(self.ats))
        self._weights.pop(number, None)
        self.ats.append(at)
        self.qualities.append(quality)

    def take_back(self, at: Instant, quality: float) -> bool:
        """Remove the message said at `at` with `quality`; False if it is not here."""
        for place in range(bisect_left(self.ats, at), bisect_right(self.ats, at)):
            if self.qualities[place] == quality:
                self._drop(place)
                return True
        return False

    def _drop(self, place: int) -> None:
        number = next(day for day, first in reversed(self.days.items()) if first <= place)
        self._weights.pop(number, None)
        alone = self._end(number) - self.days[number] == 1
        self.days = {day: first - (first > place) for day, first in self.days.items() if not (alone and day == number)}
        del self.ats[place], self.qualities[place]

    def _end(self, number: int) -> int:
        """The place behind the last message of a day."""
        return next((first for day, first in self.days.items() if day > number), len(self.ats))

    @property
    def last_day(self) -> int | None:
        return next(reversed(self.days)) if self.days else None

    @property
    def last_at(self) -> Instant | None:
        return self.ats[-1] if self.ats else None

    def forget_before(self, number: int) -> Instant | None:
        """Drop days before local day `number`; returns the last instant dropped."""
        if not self.days or next(iter(self.days)) >= number:
            return None
        count = next((first for day, first in self.days.items() if day >= number), len(self.ats))
        last = self.ats[count - 1]
        self.days = {day: first - count for day, first in self.days.items() if day >= number}
        self._weights = {day: weight for day, weight in self._weights.items() if day >= number}
        del self.ats[:count], self.qualities[:count]
        return last

    def count(self, start: Instant, end: Instant) -> int:
        """Valid messages in (start, end]."""
        return bisect_right(self.ats, end) - bisect_right(self.ats, start)

    def fine(self, start: Instant, end: Instant, bar: float) -> list[Instant]:
        """Instants in (start, end] of messages with a quality of at least `bar`, newest first."""
        places = range(bisect_right(self.ats, end) - 1, bisect_right(self.ats, start) - 1, -1)
        return [self.ats[place] for place in places if self.qualities[place] >= bar]

    def weights(self, start: Instant, end: Instant, rules: ActivityRules, zone: ZoneInfo) -> dict[int, float]:
        """Speech weight of each day touched by (start, end], of the messages inside it, newest day first."""
        self._rescale(rules)
        found: dict[int, float] = {}
        if not self.ats or self.ats[-1] <= start:
            return found
        ats, known, first_day, last = self.ats, self._weights, local_day(start, zone), len(self.ats)
        for number, first in reversed(self.days.items()):
            if number < first_day:
                break
            if number > first_day and ats[last - 1] <= end:
                if number not in known:
                    known[number] = self._weigh(first, last, rules)
                found[number] = known[number]
            elif ats[first] <= end:
                begin, over = bisect_right(ats, start, first, last), bisect_right(ats, end, first, last)
                found[number] = self._weigh(begin, over, rules)
            last = first
        return found

    def said_after(self, start: Instant) -> float:
        """The qualities of all messages after an instant: more than their weight, whatever the bars."""
        return sum(self.qualities[bisect_right(self.ats, start) :])

    def _rescale(self, rules: ActivityRules) -> None:
        scale = (rules.daily_cap, rules.speech_gap_seconds)
        if scale != self._scale:
            self._weights, self._scale = {}, scale

    def _weigh(self, first: int, last: int, rules: ActivityRules) -> float:
        """Speech weight = effective count × mean quality (发言频次 × 内容质量系数) of the messages [first:last].

        At most `daily_cap` messages are effective, and at most one in `speech_gap_seconds`.
        """
        if last - first == 1 and rules.daily_cap > 0:
            return max(0.0, self.qualities[first])
        gap = int(rules.speech_gap_seconds * SECOND)
        counted, total, previous = 0, 0.0, -gap
        for at, quality in zip(self.ats[first:last], self.qualities[first:last], strict=True):
            if at - previous >= gap and quality > 0:
                counted, total, previous = counted + 1, total + quality, at
                if counted == rules.daily_cap:
                    break
        return total

    def weigh(self, rules: ActivityRules) -> None:
        """Weigh every day but the newest, which may yet grow, so that a record does not hang on who asked before."""
        self._rescale(rules)
        if len(self._weights) == len(self.days):
            return
        last = len(self.ats)
        for number, first in reversed(self.days.items()):
            if last < len(self.ats) and number not in self._weights:
                self._weights[number] = self._weigh(first, last, rules)
            last = first

    def as_record(self) -> list[Any]:
        """Parts are shared, not copied: this runs on every message. Call `weigh` before to keep the weights too."""
        numbers = list(self.days)
        weights = [self._weights[number] for number in numbers[:-1] if number in self._weights]
        return [numbers, list(self.days.values()), self.ats, self.qualities, weights, self._scale]

    @classmethod
    def from_record(cls, record: list[Any]) -> Speech:
        numbers, firsts, ats, qualities, weights, scale = record
        if len(weights) != len(numbers) - 1:
            weights = []
        known = dict(zip(numbers, weights, strict=False))
        days = dict(zip(numbers, firsts, strict=True))
        return cls(ats, qualities, days, known, None if scale is None else tuple(scale))
