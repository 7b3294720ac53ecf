"""geofences.toml: the 商圈 as circles or polygons (RULEBOOK §6). Their geometry is checked by bot.traces.fences."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from pydantic import Field, model_validator

from bot.errors import BadInput
from config.strict import Strict, read_strict

Point = Annotated[list[float], Field(min_length=2, max_length=2)]


class Geofence(Strict):
    """One 商圈: a circle (center, radius_m) or a polygon; points are [latitude, longitude] in WGS-84 degrees."""

    name: str = Field(min_length=1, max_length=40)
    center: Point | None = None
    radius_m: float | None = Field(default=None, gt=0, le=50_000)
    polygon: list[Point] | None = Field(default=None, min_length=3, max_length=2000)

    @model_validator(mode="after")
    def _one_shape(self) -> Geofence:
        circle = self.center is not None and self.radius_m is not None
        if circle == (self.polygon is not None) or (self.center is None) != (self.radius_m is None):
            raise ValueError(f"“{self.name}”应有 center 和 radius_m，或者 polygon")
        for latitude, longitude in [*(self.polygon or ()), *([self.center] if self.center else ())]:
            if not (-90 <= latitude <= 90 and -180 <= longitude <= 180):
                raise ValueError(f"“{self.name}”的坐标 [{latitude:g}, {longitude:g}] 不是 [纬度, 经度]")
        return self


class _File(Strict):
    fence: list[Geofence] = Field(default_factory=list)


def load_geofences(folder: Path) -> tuple[Geofence, ...]:
    """The 商圈 of a configuration folder; none where it has no such file. Raises BadInput naming the fence."""
    path = folder / "geofences.toml"
    if not path.exists():
        return ()
    fences = read_strict(path, _File).fence
    names = [one.name for one in fences]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise BadInput(f"{path.name}：“{twice}”出现了两次")
    return tuple(fences)
