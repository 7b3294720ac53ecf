"""Hashed character n-grams of a text, as the trained models see them; training and reading share this one form.

Two views are hashed apart: the folded text with digits made alike, and its letters alone, which signs and blanks put
between characters do not change. n = 1–4; a newline stands for the text's edges.
"""

from __future__ import annotations

import re

import numpy as np
from numpy.typing import NDArray

from bot.core.sketch import letters_of

BITS = 18
"""Binary logarithm of the number of weights of one model."""
LONGEST = 4
_DIGIT = re.compile(r"\d")
_MIX = tuple(np.uint32(factor) for factor in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F))
_SALTS = (np.uint32(0), np.uint32(0x5BD1E995))

Places = NDArray[np.uint32]


def places(folded: str) -> Places:
    """Sorted distinct weight numbers of a folded text; each counts 1 ÷ √(their number)."""
    low = _DIGIT.sub("0", folded.lower().replace("\n", " "))
    views = (low, letters_of(low))
    return np.unique(np.concatenate([_hashed(view, salt) for view, salt in zip(views, _SALTS, strict=True)]))


def _hashed(view: str, salt: np.uint32) -> Places:
    codes = np.frombuffer(f"\n{view}\n".encode("utf-32-le", "replace"), np.uint32)
    mixed = codes * _MIX[0] ^ salt
    mixed ^= mixed >> np.uint32(15)
    gram, grams = mixed, [mixed]
    for step in range(1, min(LONGEST, len(codes))):
        gram = gram[:-1] * _MIX[1] ^ mixed[step:] * np.uint32(2 * step + 3)
        gram ^= gram >> np.uint32(13)
        grams.append(gram)
    every = np.concatenate(grams) * _MIX[2]
    every ^= every >> np.uint32(16)
    return (every * _MIX[3]) >> np.uint32(32 - BITS)
