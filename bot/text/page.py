"""Many folded texts side by side, as one string and as one array of code points: numpy costs a call, not a text.

A page is lower-cased, letters and digits are told apart, and the letters alone are cut out (`bot.core.sketch`), all at
once. What kind of character each is stands in a table that is filled as characters are met.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

EDGE = "\x01"
"""Stands before and after each text of a page; no folded text holds one."""
_EDGE = ord(EDGE)
CELLS = 1 << 16
"""Characters of a page, blanks after shorter texts counted: enough that calls cost little, and a few megabytes."""
FEW = 8
"""Texts of which fewer are sooner looked at one by one, where that can be done."""
CODES = 0xF0000
"""Code points that tables by character have room for: all but those of private planes, which the last stands for.
Tables of four-byte numbers stay under 4 MB so; larger ones numpy puts into pages of 2 MB each, however little is used.
"""
_KNOWN, _LETTER, _DIGIT = 1, 2, 4

Codes = NDArray[np.uint32]
Flags = NDArray[np.bool_]
Numbers = NDArray[np.int64]

_kinds = np.zeros(CODES, np.uint8)
_kinds[_EDGE] = _KNOWN | _LETTER
_kinds[-1] = _KNOWN


class Page:
    """Folded texts, with an EDGE before and after each. `low`: in lower case; `codes`: the code points of that.

    digits: which of `codes` are decimal digits; kept: which are letters, digits or edges.
    """

    def __init__(self, folded: Sequence[str]) -> None:
        self.folded = folded
        self.low = f"{EDGE}{(EDGE + EDGE).join(folded)}{EDGE}".lower() if folded else ""
        self.codes = code_points(self.low, "replace")
        kinds = _kinds_of(self.codes)
        self.digits: Flags = kinds & _DIGIT != 0
        self.kept: Flags = kinds & _LETTER != 0

    @cached_property
    def sizes(self) -> Numbers:
        """Code points of each text, its two edges included."""
        return _sizes(self.lows)

    @cached_property
    def letter_sizes(self) -> Numbers:
        """As `sizes`, of the letters alone."""
        return _sizes(self.letters)

    @cached_property
    def letter_codes(self) -> Codes:
        """The code points of the letters alone, with the edges."""
        return self.codes[self.kept]

    @cached_property
    def joined_letters(self) -> str:
        """The letters alone, with the edges."""
        return written(self.letter_codes)

    @cached_property
    def lows(self) -> list[str]:
        """Each text in lower case."""
        return _apart(self.low)

    @cached_property
    def letters(self) -> list[str]:
        """The letters of each text (`bot.core.sketch.letters_of`)."""
        return _apart(self.joined_letters)

    def owners(self, places: ArrayLike) -> list[int]:
        """Which text each place of `low` belongs to."""
        return _owners(self.codes, places)

    def letter_owners(self, places: ArrayLike) -> list[int]:
        """Which text each place of `joined_letters` belongs to."""
        return _owners(self.letter_codes, places)


def code_points(text: str, surrogates: str = "surrogatepass") -> Codes:
    """The code points of a text; how to encode lone surrogates."""
    return np.frombuffer(text.encode("utf-32-le", surrogates), np.uint32)


def written(codes: Codes) -> str:
    """The text of code points."""
    return codes.tobytes().decode("utf-32-le")


def _apart(joined: str) -> list[str]:
    """The texts of a string that has edges as a page has."""
    return joined[1:-1].split(EDGE + EDGE) if joined else []


def pages(texts: Sequence[str]) -> Iterator[slice]:
    """Which texts, in order, make a page: it has a row for each, as wide as the longest, and at most CELLS in all."""
    start, widest = 0, 0
    for end, text in enumerate(texts):
        widest = max(widest, len(text) + 2)
        if end > start and widest * (end + 1 - start) > CELLS:
            yield slice(start, end)
            start, widest = end, len(text) + 2
    if start < len(texts):
        yield slice(start, len(texts))


def _owners(codes: Codes, places: ArrayLike) -> list[int]:
    owners: list[int] = (np.searchsorted(np.flatnonzero(codes == _EDGE)[::2], places, "right") - 1).tolist()
    return owners


def _sizes(texts: Sequence[str]) -> Numbers:
    return np.array([len(text) + 2 for text in texts], np.int64)


def _kinds_of(codes: Codes) -> NDArray[np.uint8]:
    kinds = _kinds.take(codes, mode="clip")
    if not kinds.all():
        for code in np.unique(codes[kinds == 0]).tolist():
            char = chr(code)
            _kinds[code] = _KNOWN | _LETTER * char.isalnum() | _DIGIT * char.isdecimal()
        kinds = _kinds.take(codes, mode="clip")
    return kinds
