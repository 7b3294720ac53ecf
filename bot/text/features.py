"""Hashed character n-grams of texts, as the trained models see them; training and reading share this one form.

Two views are hashed apart: the folded text with digits made alike (n = 1, 2), and its letters alone (n = 1–3), which
signs and blanks put between characters do not change. A newline stands for a text's edges. Many texts are hashed at
once: numpy costs a call, not a text.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.text.page import EDGE, Codes, Numbers, Page, pages

BITS = 22
"""Binary logarithm of the number of places of an n-gram."""
_MIX = tuple(np.uint32(factor) for factor in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F))
_AS_WRITTEN, _LETTERS = (np.uint32(0), 2), (np.uint32(0x5BD1E995), 3)
_ZERO, _BLANK, _BREAK = ord("0"), ord(" "), ord("\n")

_NONE = np.uint32(0xFFFFFFFF)
"""No place."""
_ARRAYS = ("written_counts", "written_places", "letter_counts", "letter_places")

Places = NDArray[np.uint32]


@dataclass(frozen=True)
class Grams:
    """n-grams of some texts, each once a text, text after text.

    First those of the texts as written, then those of their letters alone: how many each text has, and the places.
    """

    written_counts: Numbers
    written_places: Places
    letter_counts: Numbers
    letter_places: Places

    @property
    def count(self) -> int:
        """How many texts."""
        return len(self.written_counts)

    @cached_property
    def texts(self) -> Numbers:
        """Whose each of `places` is."""
        return np.concatenate((_owners(self.written_counts), self.letter_texts))

    @cached_property
    def places(self) -> Places:
        """All places."""
        return np.concatenate((self.written_places, self.letter_places))

    @cached_property
    def letter_texts(self) -> Numbers:
        """Whose each of `letter_places` is."""
        return _owners(self.letter_counts)


def grams(folded: Sequence[str]) -> Grams:
    """n-grams of folded texts."""
    found = [page_grams(Page(folded[own])) for own in pages(folded)]
    if len(found) == 1:
        return found[0]
    none = Grams(*[np.empty(0, kind) for kind in (np.int64, np.uint32) * 2])
    return Grams(*[np.concatenate([getattr(one, name) for one in (none, *found)]) for name in _ARRAYS])


def page_grams(page: Page) -> Grams:
    """n-grams of the texts of a page."""
    seen = page.codes.copy()
    seen[seen == _BREAK] = _BLANK
    seen[page.digits] = _ZERO
    seen[seen == ord(EDGE)] = _BREAK
    written = _distinct(_hashed(seen, page.sizes, *_AS_WRITTEN))
    return Grams(*written, *_distinct(_hashed(seen[page.kept], page.letter_sizes, *_LETTERS)))


def _distinct(rows: Places) -> tuple[Numbers, Places]:
    """How many different n-grams each row has, and those, sorted. Short rows sort in a tenth of the time of a long."""
    rows.sort(axis=1)
    new = rows != _NONE
    new[:, 1:] &= rows[:, 1:] != rows[:, :-1]
    return np.count_nonzero(new, axis=1), rows[new]


def _hashed(seen: Codes, sizes: Numbers, salt: np.uint32, longest: int) -> Places:
    """The places of all n-grams up to `longest` inside each text, a row for each, filled up with _NONE."""
    columns, left = np.arange(sizes.max(initial=0)), sizes[:, None]
    cells = len(sizes) * len(columns)
    mixed = np.zeros(cells + longest, np.uint32)
    mixed[:cells].reshape(-1, len(columns))[columns < left] = seen
    mixed *= _MIX[0]
    mixed ^= salt
    mixed ^= mixed >> np.uint32(15)
    rows = np.full((len(sizes), longest, len(columns)), _NONE)
    gram = mixed[:cells]
    for step in range(longest):
        if step:
            # Runs on from row to row: what begins in one text and ends in the next has no place.
            gram = gram * _MIX[1] ^ mixed[step : step + cells] * np.uint32(2 * step + 3)
            gram ^= gram >> np.uint32(13)
        np.copyto(rows[:, step], _place(gram).reshape(-1, len(columns)), where=columns < left - step)
    return rows.reshape(len(sizes), -1)


def _place(gram: Codes) -> Places:
    every = gram * _MIX[2]
    every ^= every >> np.uint32(16)
    every *= _MIX[3]
    every >>= np.uint32(32 - BITS)
    return every


def _owners(counts: Numbers) -> Numbers:
    return np.repeat(np.arange(len(counts)), counts)
