"""Which row each of many sorted places has, without a search: a set of bits with counts (Jacobson 1989, rank)."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.text.features import BITS, Places

Rows = NDArray[np.int64]


class PlaceRows:
    """Rows of `places` (sorted, each once). 1 MB for 4 million possible places, a tenth of a binary search's time."""

    def __init__(self, places: Places) -> None:
        self._words = np.zeros(1 << (BITS - 5), np.uint32)
        np.bitwise_or.at(self._words, places >> 5, np.uint32(1) << (places & 31))
        counts = np.bitwise_count(self._words).astype(np.int32)
        self._before = np.cumsum(counts, dtype=np.int32) - counts

    def find(self, places: Places) -> tuple[Rows, Rows]:
        """Which of `places` have a row, and the rows of those."""
        at = places >> 5
        words = self._words.take(at)
        bits = np.uint32(1) << (places & 31)
        known = np.flatnonzero(words & bits != 0)
        lower = words.take(known) & (bits.take(known) - np.uint32(1))
        return known, self._before.take(at.take(known)).astype(np.int64) + np.bitwise_count(lower)
