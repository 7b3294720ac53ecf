"""Activity, decay and thirds of RULEBOOK §2. Speech is left out: its quality is the program's own."""

from __future__ import annotations

from datetime import datetime
from statistics import median
from typing import Any

from tests.reference.log import DAY, Log

LEVELS = ("不活跃", "低活跃", "中活跃", "高活跃")
Days = list[tuple[datetime, int, float]]


def click_value(line: dict[str, Any]) -> float:
    return float(line.get("depth", 1) * min(line.get("dwell_s", 0), 300) / 60)


def clicks(log: Log, m: str, t: datetime) -> Days:
    found = [(e.at, log.day(e.at), click_value(e.line)) for e in log.own(m, t, "click")]
    return [x for x in found if x[2] > 0]


def capped_mean(found: Days, t: datetime, length: int) -> float:
    days: dict[int, float] = {}
    for at, day, value in found:
        if t - length * DAY < at <= t:
            days[day] = days.get(day, 0.0) + value
    total = 0.0
    for day, value in days.items():
        others = [x for k, x in days.items() if k != day]
        total += min(value, max(5.0, 3 * median(others) if others else 0.0))
    return total / length


def index_of(found: Days, t: datetime) -> float:
    return 0.6 * capped_mean(found, t, 7) + 0.4 * capped_mean(found, t, 30)


def plain(index: float) -> int:
    return 3 if index >= 3 else 2 if index >= 1 else 1 if index > 0 else 0


def held(index: float, before: int) -> int:
    """A level is left downward only below 0.9 × its bar; 低活跃 at 0."""
    for level, bar in ((3, 2.7), (2, 0.9)):
        if before >= level and index >= bar:
            return max(level, plain(index))
    return plain(index)


def bounded(found: Days, t: datetime, before: int) -> int:
    """At most one step above the lowest level found with any single day removed."""
    level = held(index_of(found, t), before)
    for day in {d for at, d, _ in found if t - 30 * DAY < at <= t}:
        rest = [x for x in found if x[1] != day]
        level = min(level, plain(index_of(rest, t)) + 1)
    return level


def levels(log: Log, m: str, end: datetime) -> list[tuple[datetime, int]]:
    level, found = -1, []
    for t in log.evaluations(m, end):
        if log.joined(m, t)[0] is not None:
            after = bounded(clicks(log, m, t), t, max(level, 0))
            if after != level:
                found.append((t, after))
            level = after
    return found


def weight(log: Log, m: str, t: datetime) -> float:
    acts = log.interactions(m, t)
    if not acts:
        return 0.0
    index = index_of(clicks(log, m, acts[-1]), acts[-1])
    return float(min(1.0, index / 3) * 0.5 ** (max(0.0, (t - acts[-1]) / DAY - 30) / 15))
