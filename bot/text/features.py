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

from bot.text.page import EDGE, Codes, Flags, Numbers, Page, pages

BITS = 22
"""Binary logarithm of the number of places of an n-gram."""
_MIX = tuple(np.uint32(factor) for factor in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D, 0x27D4EB2F))
_SALT = np.uint32(0x5BD1E995)
"""What tells n-grams of letters from those of the text as written."""
_LONGEST = 3
_ZERO, _BLANK, _BREAK = ord("0"), ord(" "), ord("\n")

_NONE = np.uint32(0xFFFFFFFF)
"""No place."""


Places = NDArray[np.uint32]


@dataclass(frozen=True)
class Grams:
    """n-grams of some texts, each once a text: those of the texts as written, then those of their letters alone.

    counts: how many each text has, twice over; places: which, text after text.
    """

    counts: Numbers
    places: Places

    @property
    def count(self) -> int:
        """How many texts."""
        return len(self.counts) // 2

    @cached_property
    def texts(self) -> Numbers:
        """Whose each of `places` is."""
        return np.repeat(np.arange(len(self.counts)) % max(1, self.count), self.counts)

    @property
    def letter_counts(self) -> Numbers:
        """How many n-grams of letters each text has."""
        return self.counts[self.count :]

    @property
    def letter_places(self) -> Places:
        """Places of the n-grams of letters."""
        return self.places[int(self.counts[: self.count].sum()) :]

    @property
    def letter_texts(self) -> Numbers:
        """Whose each of `letter_places` is."""
        return np.repeat(np.arange(self.count), self.letter_counts)

    def only(self, texts: Flags) -> Grams:
        """Those of some of the texts."""
        kept = np.concatenate((texts, texts))
        return Grams(self.counts[kept], self.places[np.repeat(kept, self.counts)])


def grams(folded: Sequence[str]) -> Grams:
    """n-grams of folded texts."""
    found = [page_grams(Page(folded[own])) for own in pages(folded)] or [page_grams(Page(()))]
    if len(found) == 1:
        return found[0]
    views = [(one.counts[: one.count], one.places[: -len(one.letter_places)]) for one in found]
    views += [(one.letter_counts, one.letter_places) for one in found]
    return Grams(np.concatenate([counts for counts, _ in views]), np.concatenate([places for _, places in views]))


def page_grams(page: Page) -> Grams:
    """n-grams of the texts of a page."""
    seen = page.codes.copy()
    seen[page.digits] = _ZERO
    seen[seen == _BREAK] = _BLANK
    seen[seen == ord(EDGE)] = _BREAK
    both = np.concatenate((seen, seen[page.kept]))
    return _distinct(_hashed(both, np.concatenate((page.sizes, page.letter_sizes))))


def _distinct(rows: Places) -> Grams:
    """The different n-grams of each row, sorted. Short rows sort in a tenth of the time of a long one."""
    rows.sort(axis=1)
    new = rows != _NONE
    new[:, 1:] &= rows[:, 1:] != rows[:, :-1]
    return Grams(np.count_nonzero(new, axis=1), rows[new])


def _hashed(seen: Codes, sizes: Numbers) -> Places:
    """The places of all n-grams inside each text, a row for each, filled up with _NONE; the later half are letters."""
    columns, texts = np.arange(sizes.max(initial=0)), len(sizes) // 2
    cells = len(sizes) * len(columns)
    mixed = np.zeros(cells + _LONGEST, np.uint32)
    table = mixed[:cells].reshape(-1, len(columns))
    table[columns < sizes[:, None]] = seen
    table *= _MIX[0]
    table[texts:] ^= _SALT
    mixed ^= mixed >> np.uint32(15)
    rows = np.empty((len(sizes), _LONGEST, len(columns)), np.uint32)
    rows[:, 0] = table
    gram = mixed[:cells]
    for step in range(1, _LONGEST):
        # Runs on from row to row: what begins in one text and ends in the next is left out below.
        gram = gram * _MIX[1] ^ mixed[step : step + cells] * np.uint32(2 * step + 3)
        gram ^= gram >> np.uint32(13)
        rows[:, step] = gram.reshape(-1, len(columns))
    _finish(rows)
    rows[columns >= sizes[:, None, None] - np.arange(_LONGEST)[:, None]] = _NONE
    rows[:texts, _LONGEST - 1] = _NONE
    return rows.reshape(len(sizes), -1)


def _finish(grams: Places) -> None:
    """Make places of hashes."""
    grams *= _MIX[2]
    grams ^= grams >> np.uint32(16)
    grams *= _MIX[3]
    grams >>= np.uint32(32 - BITS)
