"""Everybody compared with everybody at one evaluation: bounds by numpy, classes of all members at once.

What is kept in memory is one column of a few numbers per member with data, however long the time that is passed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.core.instants import DAY, Instant
from bot.core.particulars import NO_DATA
from bot.core.rules.cohort import BITS, RANKS, TIES
from bot.core.ruleset_people import CohortRules
from storage.rows import SampleRow

Whole = NDArray[np.int64]
CLICKS, CONVERSION, LAST, ORDERS, TOTAL, HIDDEN, TOUCHED = range(7)
NONE = -1
"""The class of who belongs to no cohort, or may not be told about it."""
METRICS = (CLICKS, CONVERSION, ORDERS, TOUCHED)
"""Who has this figure belongs to the cohort of the rank of the same number."""
WORDS = {"click_rank": ("点击权重", 1_000_000), "conversion_rank": ("转化权重", 100_000), "tie_rank": ("往来人数", 1)}
"""What the figure of a rank in thirds is called, and how many of its units make one."""
UNREACHED = "无人"


def bound(values: Whole, part: int, of: int) -> int | None:
    """The lowest value whose place is at least part ÷ of; None when no value reaches it.

    place = (number of lower values + half the number of equal ones) ÷ number of values, in whole numbers throughout.
    """
    count = len(values)
    at = part * count // of
    candidate = np.partition(values, at)[at]
    lower, equal = int((values < candidate).sum()), int((values == candidate).sum())
    if of * (2 * lower + equal) >= 2 * part * count:
        return int(candidate)
    above = values[values > candidate]
    return int(above.min()) if len(above) else None


def reached(values: Whole, bar: int | None) -> NDArray[np.bool_]:
    return np.zeros(len(values), bool) if bar is None else values >= bar


@dataclass(frozen=True, slots=True)
class Cut:
    """The bounds of one rank at one evaluation: `count` members were compared, `bars` says with what."""

    at: Instant
    count: int
    bars: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Turn:
    """A member's class in a rank has changed at `at`; `cut` are the bounds that did it."""

    member: str
    rank: int
    at: Instant
    old: int
    new: int
    because: Mapping[str, Any]


@dataclass(slots=True)
class Cohorts:
    """All members with data: their figures, what the last evaluation said of them, what they hold, and since when."""

    members: list[str] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=lambda: [Cut(0, 0, {}) for _ in RANKS])
    _place: dict[str, int] = field(default_factory=dict)
    figures: Whole = field(default_factory=lambda: _columns(7, 1024))
    said: Whole = field(default_factory=lambda: _columns(len(RANKS), 1024))
    held: Whole = field(default_factory=lambda: _columns(len(RANKS), 1024))
    since: Whole = field(default_factory=lambda: _columns(len(RANKS), 1024))

    def take(self, rows: Iterable[SampleRow]) -> list[int]:
        """Put these samples in place of the earlier ones; returns the members' places."""
        taken = list(rows)
        places = [self._placed(row.member) for row in taken]
        if taken:
            self.figures[:, places] = np.array([row[3:] for row in taken], np.int64).T
        return places

    def _placed(self, member: str) -> int:
        place = self._place.setdefault(member, len(self.members))
        if place == len(self.members):
            self.members.append(member)
            if place == self.figures.shape[1]:
                self.figures, self.said, self.held, self.since = map(
                    _doubled, (self.figures, self.said, self.held, self.since)
                )
            self.figures[HIDDEN, place] = 0
        return place

    def evaluate(self, at: Instant, rules: CohortRules) -> Iterator[Turn]:
        """A daily evaluation: compare everybody, and tell whose class has changed."""
        for rank in range(len(RANKS)):
            has = np.flatnonzero(self.figures[METRICS[rank], : len(self.members)] != NO_DATA)
            said, bars = (
                _rfm(self.figures, has, at, rules) if RANKS[rank].rule == "rfm" else self._thirds(rank, has, rules)
            )
            self.cuts[rank] = Cut(at, len(has), bars)
            self.said[rank] = NONE
            self.said[rank, has] = said
            yield from self._settle(rank, at, np.arange(len(self.members)))

    def _thirds(self, rank: int, has: NDArray[np.intp], rules: CohortRules) -> tuple[Whole, Mapping[str, Any]]:
        if len(has) < rules.least_members:
            return np.full(len(has), NONE), {"说明": f"有数据的不足 {rules.least_members} 人"}
        values = self.figures[METRICS[rank], has]
        middle, high = bound(values, 1, 3), bound(values, 2, 3)
        said = reached(values, middle).astype(np.int64) + reached(values, high)
        unit = WORDS[RANKS[rank].rule][1]
        return said, {"中": _told(middle, unit), "高": _told(high, unit), "并列": TIES}

    def end(self, places: Iterable[int], at: Instant) -> Iterator[Turn]:
        """Between evaluations: nobody gets a new class, but who has lost his data or may not be told loses his."""
        chosen = np.array(list(places), np.intp)
        for rank in range(len(RANKS)):
            gone = chosen[self.figures[METRICS[rank], chosen] == NO_DATA]
            self.said[rank, gone] = NONE
            yield from self._settle(rank, at, chosen)

    def _settle(self, rank: int, at: Instant, places: NDArray[np.intp]) -> Iterator[Turn]:
        said = self.said[rank, places]
        hidden = (self.figures[HIDDEN, places] >> (BITS * rank + np.maximum(said, 0))) & 1
        held = np.where((said != NONE) & (hidden == 0), said, NONE)
        turned = held != self.held[rank, places]
        for place, new in zip(places[turned].tolist(), held[turned].tolist(), strict=True):
            old = int(self.held[rank, place])
            self.held[rank, place], self.since[rank, place] = new, at
            yield Turn(self.members[place], rank, at, old, new, self.because(rank, place))

    def because(self, rank: int, place: int) -> Mapping[str, Any]:
        """The member's own figures and the bounds of the last evaluation."""
        cut = self.cuts[rank]
        own = self.figures[:, place]
        if own[METRICS[rank]] == NO_DATA:
            return {"说明": "没有可比较的数据"}
        told: dict[str, Any] = {"比较人数": cut.count, "门槛": cut.bars}
        if RANKS[rank].rule != "rfm":
            word, unit = WORDS[RANKS[rank].rule]
            return {word: int(own[METRICS[rank]]) / unit, **told}
        days = round((cut.at - int(own[LAST])) / DAY, 3)
        return {"距上次下单天数": days, "订单数": int(own[ORDERS]), "总额": int(own[TOTAL]) / 100, **told}


def _rfm(figures: Whole, has: NDArray[np.intp], at: Instant, rules: CohortRules) -> tuple[Whole, Mapping[str, Any]]:
    """The later the last order, the higher R; below the least number of buyers the bars are fixed."""
    bars: list[int | None]
    if len(has) < rules.least_members:
        bars = [at - int(rules.rfm_days * DAY), rules.rfm_orders, round(rules.rfm_total * 100)]
    else:
        bars = [bound(figures[metric, has], 3, 5) for metric in (LAST, ORDERS, TOTAL)]
    high = [
        reached(figures[metric, has], bar).astype(np.int64)
        for metric, bar in zip((LAST, ORDERS, TOTAL), bars, strict=True)
    ]
    recent, orders, total = bars
    told = {
        "R 高": UNREACHED if recent is None else f"≤ {(at - recent) / DAY:.3f} 天",
        "F 高": UNREACHED if orders is None else f"≥ {orders} 单",
        "M 高": UNREACHED if total is None else f"≥ {total / 100:g} 元",
        "算法": "固定门槛" if len(has) < rules.least_members else f"五分位 ≥ 4；{TIES}",
    }
    return 4 * high[0] + 2 * high[1] + high[2], told


def _told(value: int | None, unit: int) -> str:
    return UNREACHED if value is None else f"≥ {value / unit:g}"


def _columns(count: int, size: int) -> Whole:
    return np.full((count, size), NONE, np.int64)


def _doubled(columns: Whole) -> Whole:
    return np.concatenate([columns, np.full_like(columns, NONE)], axis=1)
