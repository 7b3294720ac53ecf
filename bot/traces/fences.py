"""商圈: which of the configured circles and polygons a WGS-84 position lies in, borders included."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from bot.errors import BadInput
from bot.traces.distance import metres

SMALLEST = 1e-10
"""Square degrees, about one square metre: points on one line have no more than their rounding errors."""

if TYPE_CHECKING:
    from shapely import Polygon


class Shape(Protocol):
    """A fence as it is configured."""

    @property
    def name(self) -> str: ...
    @property
    def center(self) -> Sequence[float] | None: ...
    @property
    def radius_m(self) -> float | None: ...
    @property
    def polygon(self) -> Sequence[Sequence[float]] | None: ...


@dataclass(frozen=True, slots=True)
class _Circle:
    latitude: float
    longitude: float
    radius: float

    def covers(self, latitude: float, longitude: float) -> bool:
        centre = np.array([[self.latitude, self.longitude]])
        return bool(metres(latitude, longitude, centre)[0] <= self.radius)


@dataclass(frozen=True, slots=True)
class _Area:
    polygon: Polygon

    def covers(self, latitude: float, longitude: float) -> bool:
        from shapely import Point

        return bool(self.polygon.covers(Point(longitude, latitude)))


class Fences:
    """All fences. Raises BadInput naming one whose polygon crosses itself or has no area."""

    def __init__(self, shapes: Iterable[Shape]) -> None:
        self._fences = {shape.name: _built(shape) for shape in shapes}

    def at(self, latitude: float, longitude: float) -> list[str]:
        """Names of the fences that cover a position, sorted."""
        return sorted(name for name, fence in self._fences.items() if fence.covers(latitude, longitude))


def _built(shape: Shape) -> _Circle | _Area:
    if shape.center is not None and shape.radius_m is not None:
        return _Circle(shape.center[0], shape.center[1], shape.radius_m)
    from shapely import Polygon

    polygon = Polygon([(longitude, latitude) for latitude, longitude in shape.polygon or ()])
    if not polygon.is_valid or polygon.area < SMALLEST:
        raise BadInput(f"geofences.toml：商圈“{shape.name}”的多边形自相交或没有面积")
    return _Area(polygon)
