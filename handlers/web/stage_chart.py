"""How many members stood in each stage at the end of each day: worked out backwards from today's counts, and drawn."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.instants import Instant, day_at, local_day, to_datetime
from bot.core.lifecycle import INTRO, QUIET, STAGES

DAYS = 30
WIDTH, HEIGHT = 720, 180
_GAP = 3
Counts = Mapping[str, int]
Move = tuple[Instant, str | None, str]


@dataclass(frozen=True, slots=True)
class Part:
    """One stage's part of a column: its place among the stages, and where it is drawn."""

    number: int
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Column:
    """One day: `told` says it in words."""

    x: float
    width: float
    parts: Sequence[Part]
    label: str
    told: str


def joined(came: Iterable[tuple[Instant, bool]]) -> Iterator[Move]:
    """The first stage of those who came, whether that is inferred or not: joining is written down as no move."""
    return ((at, None, QUIET if inferred else INTRO) for at, inferred in came)


def history(now: Counts, moves: Iterable[Move], ends: Sequence[Instant]) -> list[Counts]:
    """Counts at each of `ends` (the latest last), from those `now` and all later moves, the latest first."""
    counts, found = dict(now), list[Counts]()
    source = iter(moves)
    move = next(source, None)
    for end in reversed(ends):
        while move is not None and move[0] > end:
            _undo(counts, move)
            move = next(source, None)
        found.append(dict(counts))
    return found[::-1]


def _undo(counts: dict[str, int], move: Move) -> None:
    _, former, new = move
    counts[new] = counts.get(new, 0) - 1
    if former:
        counts[former] = counts.get(former, 0) + 1


def day_ends(now: Instant, zone: ZoneInfo) -> list[Instant]:
    """The ends of the last days on the group's calendar, today's being now."""
    today = local_day(now, zone)
    return [day_at(today - back, 0, zone) - 1 for back in range(DAYS - 2, -1, -1)] + [now]


def columns(days: Sequence[Counts], ends: Sequence[Instant], zone: ZoneInfo, shown: Sequence[str]) -> list[Column]:
    """Stacked columns of the stages `shown`, to be drawn WIDTH × HEIGHT."""
    most = max([sum(max(0, day.get(stage, 0)) for stage in shown) for day in days] + [1])
    step = WIDTH / len(days)
    return [
        _column(
            day, round(index * step, 1), round(step - _GAP, 1), HEIGHT / most, f"{to_datetime(end, zone):%m-%d}", shown
        )
        for index, (day, end) in enumerate(zip(days, ends, strict=True))
    ]


def _column(day: Counts, x: float, width: float, unit: float, label: str, shown: Sequence[str]) -> Column:
    parts, top = [], float(HEIGHT)
    for stage in shown:
        height = max(0, day.get(stage, 0)) * unit
        top -= height
        if height:
            parts.append(Part(STAGES.index(stage), round(top, 1), round(height, 1)))
    told = "，".join(f"{stage} {day[stage]}" for stage in shown if day.get(stage, 0) > 0)
    return Column(x, width, parts, label, f"{label}：{told or '—'}")
