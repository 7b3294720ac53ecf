"""Distances on the globe."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

EARTH = 6_371_008.8
"""Mean radius in metres (IUGG)."""


def metres(latitude: float, longitude: float, points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Great-circle distances (haversine) to `points`, rows of latitude and longitude in degrees."""
    own = np.radians([latitude, longitude])
    others = np.radians(points)
    half = np.sin((others - own) / 2) ** 2
    chord = half[:, 0] + np.cos(own[0]) * np.cos(others[:, 0]) * half[:, 1]
    found: NDArray[np.float64] = 2 * EARTH * np.arcsin(np.sqrt(np.clip(chord, 0.0, 1.0)))
    return found
