"""What a member's content is about, in which form, and at which hours (RULEBOOK §4): counts by evaluation day.

An item belongs to the first daily evaluation at or after it. A window of whole days that ends at an evaluation is then
a run of whole entries, so that counts suffice and a heavy talker costs no more than a quiet one. (In a zone with summer
time the oldest day of a window may be an hour longer or shorter.)
"""

from __future__ import annotations

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

    totals: their sum over `days`. shares: `totals` as they stood at the last daily evaluation. moved: whether `totals`
    changed since.
    """

    days: dict[int, dict[str, int]] = field(default_factory=dict)
    totals: dict[str, int] = field(default_factory=dict)
    shares: dict[str, int] = field(default_factory=dict)
    moved: bool = False

    def count(self, day: int, names: Iterable[str], by: int = 1) -> None:
        """Add one item with these names to its day; `by` −1 takes it back while the day is kept."""
        if by < 0 and day not in self.days:
            return
        kept = self.days.setdefault(day, {})
        for name in names:
            if by > 0 or name in kept:
                _add(kept, name, by)
                _add(self.totals, name, by)
        self.moved = True

    def assess(self, day: int, span: int) -> bool:
        """Keep the `span` days that end with `day` and remember their shares; True if these changed."""
        while self.days and (oldest := next(iter(self.days))) <= day - span:  # days come in order
            for name, number in self.days.pop(oldest).items():
                _add(self.totals, name, -number)
            self.moved = True
        if not self.moved:
            return False
        self.shares, self.moved = dict(self.totals), False
        return True

    def as_record(self) -> list[Any]:
        return [list(self.days.items()), self.totals, self.shares, self.moved]

    @classmethod
    def from_record(cls, record: list[Any]) -> Content:
        days, totals, shares, moved = record
        return cls(dict(days), totals, shares, moved)


def _add(counts: dict[str, int], name: str, by: int) -> None:
    left = counts.get(name, 0) + by
    if left > 0:
        counts[name] = left
    else:
        counts.pop(name, None)


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
