"""Positions of Chinese maps, against points whose coordinates are published in both systems."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.coordinates import wgs84

METRE = 1e-5
"""Degrees, roughly."""


@pytest.mark.parametrize(
    ("told", "true"),
    [
        ((31.17530398364597, 121.531541859215), (31.1774276, 121.5272106)),
        ((22.540796131694766, 113.9171764808363), (22.543847, 113.912316)),
        ((39.91334545536069, 116.38404722455657), (39.911954, 116.377817)),
    ],
)
def test_known_points_of_three_cities(told: tuple[float, float], true: tuple[float, float]) -> None:
    assert wgs84(*told) == pytest.approx(true, abs=METRE)


@pytest.mark.parametrize("abroad", [(48.8566, 2.3522), (-33.8688, 151.2093), (0.0, 0.0), (90.0, -180.0)])
def test_abroad_nothing_is_moved(abroad: tuple[float, float]) -> None:
    assert wgs84(*abroad) == abroad


@given(st.floats(3, 54), st.floats(73, 136))
def test_inside_the_move_is_small_and_never_nothing(latitude: float, longitude: float) -> None:
    north, east = wgs84(latitude, longitude)
    assert 0 < abs(north - latitude) + abs(east - longitude) < 0.03
