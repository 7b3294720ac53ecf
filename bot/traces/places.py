"""Province, city and time zone of a WGS-84 position: those of the nearest point of reference (RULEBOOK §6)."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from bot.traces.distance import metres

FARTHEST = 1_000_000.0
"""Metres; farther from any point of reference is the open sea, which is no place."""


class Locality(Protocol):
    """A city or a country abroad with its points of reference."""

    @property
    def province(self) -> str: ...
    @property
    def city(self) -> str: ...
    @property
    def zone(self) -> str: ...
    @property
    def points(self) -> Sequence[tuple[float, float]]: ...


@dataclass(frozen=True, slots=True)
class Found:
    """Short names; `city` is "" where there is none below the province."""

    province: str
    city: str
    zone: str


class Places:
    """A few thousand points; looking one up takes well under a millisecond."""

    def __init__(self, localities: Iterable[Locality]) -> None:
        known = list(localities)
        self._found = [Found(one.province, one.city or one.province, one.zone) for one in known for _ in one.points]
        self._points = np.array([point for one in known for point in one.points], np.float64)

    def at(self, latitude: float, longitude: float) -> Found | None:
        away = metres(latitude, longitude, self._points)
        nearest = int(np.argmin(away))
        return self._found[nearest] if away[nearest] <= FARTHEST else None
