"""What a member's content is about, in which form, and at which hours (RULEBOOK §4): counts by evaluation day.

An item belongs to the first daily evaluation at or after it. A window of whole days that ends at an evaluation is then
a run of whole entries, so that counts suffice and a heavy talker costs no more than a quiet one. (In a zone with summer
time the oldest day of a window may be an hour longer or shorter.)
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import HOUR, Instant, local_day, local_second

FORMS = ("图文", "视频", "直播")
MORNING, NOON, EVENING = "早", "午", "晚"
SHARED_FORMS = {"video": "视频", "image": "图文", "link": "图文"}
"""Forms of shared messages, by kind."""
BY_WORDS, BY_MODEL, BY_PERSON = "词表", "模型", "标注"
"""Who said what an item is about, where it did not say so itself: a body's `topic_by`."""


@dataclass(slots=True)
class Content:
    """Counts of topics, `sourced` topics, forms and periods (their names are distinct) by evaluation day.

    days: the days with an item, in order. counts: by name, how many on each of `days`; a name without any has no row.
    totals: the sum of each row. shares: `totals` as they stood at the last daily evaluation. moved: whether `totals`
    changed since.
    """

    days: list[int] = field(default_factory=list)
    counts: dict[str, list[int]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    shares: dict[str, int] = field(default_factory=dict)
    moved: bool = False

    def count(self, day: int, names: Iterable[str], by: int = 1) -> None:
        """Add one item with these names to its day; `by` −1 takes it back while the day is kept."""
        place = bisect_left(self.days, day)
        if place == len(self.days) or self.days[place] != day:
            if by < 0:
                return
            self._open(place, day)
        for name in names:
            row = self.counts.get(name)
            if row is None and by > 0:
                row = self.counts[name] = [0] * len(self.days)
            if row is not None and (by > 0 or row[place] > 0):
                row[place] += by
                self._add(name, by)
        self.moved = True

    def _open(self, place: int, day: int) -> None:
        self.days.insert(place, day)
        for row in self.counts.values():
            row.insert(place, 0)

    def _add(self, name: str, by: int) -> None:
        left = self.totals.get(name, 0) + by
        if left > 0:
            self.totals[name] = left
        else:
            self.totals.pop(name, None)
            self.counts.pop(name, None)

    def assess(self, day: int, span: int) -> bool:
        """Keep the `span` days that end with `day` and remember their shares; True if these changed."""
        if self.days and self.days[0] <= day - span:
            self._forget(bisect_right(self.days, day - span))
        if not self.moved:
            return False
        self.shares, self.moved = dict(self.totals), False
        return True

    def _forget(self, oldest: int) -> None:
        del self.days[:oldest]
        for name, row in list(self.counts.items()):
            gone = sum(row[:oldest])
            del row[:oldest]
            self._add(name, -gone)
        self.moved = True

    def as_record(self) -> list[Any]:
        return [self.days, self.counts, self.totals, self.shares, self.moved]

    @classmethod
    def from_record(cls, record: list[Any]) -> Content:
        return cls(*record)


def evaluation_day(at: Instant, hour: int, zone: ZoneInfo) -> int:
    """Local day number of the first daily evaluation at or after `at`."""
    return local_day(at - hour * HOUR - 1, zone) + 1


def period(at: Instant, zone: ZoneInfo) -> str:
    """早 05:00–10:59, 午 11:00–16:59, 晚 17:00–04:59 by the group's clock."""
    hour = local_second(at, zone) // 3600
    if 5 <= hour < 11:
        return MORNING
    return NOON if 11 <= hour < 17 else EVENING


def names_of(type_: str, body: Mapping[str, Any], at: Instant, zone: ZoneInfo) -> list[str]:
    """What one message, click or view counts for: its period, its topic and who says so, its form."""
    form = body.get("form") or (SHARED_FORMS.get(body.get("kind", "")) if type_ == "message" else None)
    topic, by = body.get("topic"), body.get("topic_by")
    return [period(at, zone), *(name for name in (topic, sourced(topic, by) if topic and by else None, form) if name)]


def sourced(topic: str, by: str) -> str:
    """The name under which items of a topic are counted by who said so."""
    return f"{topic}·{by}"
