"""What the shape of a text adds to its advert margin: a few small trees over counts of its characters.

N-grams see what is written, not how: that a text is one long number, or a third of it signs. Where they alone leave a
verdict open, gradient-boosted regression trees (Friedman 2001) over `shapes` add to the margin what they leave over.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

DEPTH = 3
"""Questions that a tree asks of a text."""
FORKS, LEAVES = (1 << DEPTH) - 1, 1 << DEPTH
MEASURES = 16
"""Numbers that describe a shape."""
_HAN, _LATIN, _BLANK = re.compile(r"[一-鿿]"), re.compile(r"[a-z]"), re.compile(r" ")
_WIDE = re.compile(r"[^\u0000-\u2000\u3000-\u303f一-鿿]")
_DIGITS, _CODES = re.compile(r"\d+"), re.compile(r"[a-z0-9]+")

Table = NDArray[np.float32]


class ShapeTrees(NamedTuple):
    """Trees of DEPTH questions each, in the order of a heap: the shape of `measures` and `bars` is (trees, FORKS).

    A text whose measure is above the bar goes right. leaves: (trees, LEAVES), in margins.
    """

    measures: NDArray[np.int8]
    bars: NDArray[np.float32]
    leaves: NDArray[np.float32]

    def add(self, table: Table) -> NDArray[np.float64]:
        """What is added to the margin of each shape of a table."""
        trees = np.arange(len(self.measures))
        at = np.zeros((len(table), len(trees)), np.int64)
        for _ in range(DEPTH):
            asked = np.take_along_axis(table, self.measures[trees, at].astype(np.int64), axis=1)
            at = 2 * at + 1 + (asked > self.bars[trees, at])
        added: NDArray[np.float64] = self.leaves[trees, at - FORKS].sum(axis=1, dtype=np.float64)
        return added


def shapes(folded: Sequence[str]) -> Table:
    """The shapes of folded texts, a row of MEASURES each."""
    return np.array([_shape(text.lower().replace("\n", " ")) for text in folded], np.float32).reshape(
        len(folded), MEASURES
    )


def _shape(low: str) -> list[float]:
    """Counts of kinds of characters, their shares, the longest runs, and how much is said twice."""
    size = len(low) + 1
    numbers, codes = _DIGITS.findall(low), _CODES.findall(low)
    han, latin, blank, wide = (len(kind.findall(low)) for kind in (_HAN, _LATIN, _BLANK, _WIDE))
    digits = sum(map(len, numbers))
    signs = len(low) - han - digits - latin - blank
    counts = (han, digits, latin, signs, wide)
    shares = (count / size for count in (*counts, blank, len(set(low)), len(codes)))
    return [size, *counts, *shares, max(map(len, numbers), default=0), max(map(len, codes), default=0)]
