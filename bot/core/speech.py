"""What a member said, rolled up by group-local calendar day, and the weights of RULEBOOK §2 over it.

Only valid messages are kept, and only for a month before the last interaction: no rule on speech looks further back.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
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
        gap = int(rules.speech_gap_seconds * SECOND)
        counted, total, previous = 0, 0.0, -gap
        for at, quality in zip(self.ats[first:last], self.qualities[first:last], strict=True):
            if at - previous >= gap and quality > 0:
                counted, total, previous = counted + 1, total + quality, at
                if counted == rules.daily_cap:
                    break
        return total


@dataclass(slots=True)
class Speech:
    """Valid messages by local day number."""

    days: dict[int, SpeechDay] = field(default_factory=dict)
    _weights: dict[int, float] = field(default_factory=dict, compare=False)

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
    def last_at(self) -> Instant | None:
        return self.days[max(self.days)].ats[-1] if self.days else None

    def forget_before(self, number: int) -> Instant | None:
        """Drop days before local day `number`; returns the last instant dropped."""
        old = [day for day in self.days if day < number]
        last = max((self.days[day].ats[-1] for day in old), default=None)
        for day in old:
            del self.days[day]
            self._weights.pop(day, None)
        return last

    def count(self, start: Instant, end: Instant, zone: ZoneInfo) -> int:
        """Valid messages in (start, end]."""
        first, last = local_day(start, zone), local_day(end, zone)
        total = 0
        for number, day in self.days.items():
            if first < number < last:
                total += len(day.ats)
            elif first <= number <= last:
                total += bisect_right(day.ats, end) - bisect_right(day.ats, start)
        return total

    def weights(self, start: Instant, end: Instant, rules: ActivityRules, zone: ZoneInfo) -> dict[int, float]:
        """Speech weight of each day touched by (start, end], of the messages inside it."""
        first, last = local_day(start, zone), local_day(end, zone)
        found: dict[int, float] = {}
        for number, day in self.days.items():
            if first < number < last:
                found[number] = self._whole(number, day, rules)
            elif first <= number <= last:
                low, high = bisect_right(day.ats, start), bisect_right(day.ats, end)
                found[number] = day.weight(rules, low, high)
        return found

    def _whole(self, number: int, day: SpeechDay, rules: ActivityRules) -> float:
        known = self._weights.get(number)
        if known is None:
            known = self._weights[number] = day.weight(rules)
        return known
