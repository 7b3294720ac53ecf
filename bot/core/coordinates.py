"""From the coordinates of Chinese maps to those of the world: GCJ-02, in which WeChat tells positions, to WGS-84.

The shift is the one that all open converters use (from the leaked reference implementation of 2009): a sum of sines
over offsets from 105° E, 35° N, scaled to the Krasovsky 1940 ellipsoid. It has no closed inverse and is undone by
iteration. Degrees everywhere.
"""

from __future__ import annotations

from math import cos, pi, radians, sin, sqrt

_AXIS = 6_378_245.0
"""Semi-major axis of Krasovsky 1940, metres."""
_ECCENTRICITY = 0.006_693_421_622_965_943
"""Its first eccentricity squared."""
_ROUNDS = 6
"""Each round makes the error about a thousand times smaller; the shift itself is below a kilometre."""
_SOUTH, _NORTH, _WEST, _EAST = 0.8293, 55.8271, 72.004, 137.8347
"""Outside this box positions are told as they are."""


def wgs84(latitude: float, longitude: float) -> tuple[float, float]:
    """Latitude and longitude in WGS-84 of a GCJ-02 position; outside China the same."""
    if not (_SOUTH <= latitude <= _NORTH and _WEST <= longitude <= _EAST):
        return latitude, longitude
    true_latitude, true_longitude = latitude, longitude
    for _ in range(_ROUNDS):
        north, east = _shift(true_latitude, true_longitude)
        true_latitude, true_longitude = latitude - north, longitude - east
    return true_latitude, true_longitude


def _shift(latitude: float, longitude: float) -> tuple[float, float]:
    """By how many degrees GCJ-02 moves a WGS-84 position north and east."""
    x, y = longitude - 105.0, latitude - 35.0
    parallel = radians(latitude)
    flat = 1 - _ECCENTRICITY * sin(parallel) ** 2
    meridian_degree = _AXIS * (1 - _ECCENTRICITY) / (flat * sqrt(flat)) * pi / 180
    parallel_degree = _AXIS / sqrt(flat) * cos(parallel) * pi / 180
    return _metres_north(x, y) / meridian_degree, _metres_east(x, y) / parallel_degree


def _metres_north(x: float, y: float) -> float:
    plane = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    return plane + _ripple(x) + _waves(y, 20.0, 40.0, 3.0) + _wave(y, 160.0, 12.0) + _wave(y, 320.0, 30.0)


def _metres_east(x: float, y: float) -> float:
    plane = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    return plane + _ripple(x) + _waves(x, 20.0, 40.0, 3.0) + _wave(x, 150.0, 12.0) + _wave(x, 300.0, 30.0)


def _ripple(x: float) -> float:
    return (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0


def _waves(z: float, fine: float, coarse: float, length: float) -> float:
    return (fine * sin(z * pi) + coarse * sin(z / length * pi)) * 2.0 / 3.0


def _wave(z: float, height: float, length: float) -> float:
    return height * sin(z / length * pi) * 2.0 / 3.0
