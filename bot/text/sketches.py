"""The sketches of the texts of a page: what `bot.core.sketch` reckons pair by pair, in a tenth of the time.

CRC-32 is linear: that of two characters is that of the first and as many zero bytes as the second has, xor what the
second differs from those zeros by. Both are kept by character.
"""

from __future__ import annotations

from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from bot.core.sketch import COMMON, EDGE, SIZE, sketch_of_letters
from bot.text import page as pages
from bot.text.page import CODES, FEW, Codes, Flags, Numbers, Page

_EDGE = np.uint32(ord(EDGE))
_NONE = np.uint32(0xFFFFFFFF)
_CODE_BITS = np.uint64(21)
_HAN_BYTES = 3
"""Bytes of a Han character, as of most, in UTF-8."""

_bytes = np.zeros(CODES, np.uint8)
"""Bytes of each character in UTF-8, 0 for those not met yet."""
_differs = np.zeros(CODES, np.uint32)
_run_on = {size: np.zeros(CODES, np.uint32) for size in (1, 2, _HAN_BYTES, 4)}
"""CRC-32 of each character with so many zero bytes behind it."""


def page_sketches(page: Page) -> list[bytes]:
    """`sketch_of_letters` of each text."""
    if len(page.folded) < FEW:
        return list(map(sketch_of_letters, page.letters, page.folded))
    sizes = page.letter_sizes - 1
    rows = _rows(_pair_hashes(page.letter_codes), sizes)
    rows.sort(axis=1)
    new = np.arange(rows.shape[1]) < sizes[:, None]
    new[:, 1:] &= rows[:, 1:] != rows[:, :-1]
    new &= np.cumsum(new, axis=1, dtype=np.uint16) <= SIZE
    hashes = rows[new].astype("<u4", copy=False).tobytes()
    ends = (4 * np.cumsum(np.count_nonzero(new, axis=1))).tolist()
    found = [hashes[start:end] for start, end in zip([0, *ends], ends, strict=False)]
    for at in np.flatnonzero(sizes == 1).tolist():
        found[at] = sketch_of_letters("", page.folded[at])
    return found


def _rows(hashes: Codes, sizes: Numbers) -> Codes:
    """A row of `sizes` hashes for each text, filled up; the pair of its last edge and the next text is left out."""
    columns = np.arange(sizes.max(initial=0) + 1)
    rows = np.full((len(sizes), len(columns)), _NONE)
    rows[columns <= sizes[:, None]] = hashes
    rows[np.arange(len(sizes)), sizes] = _NONE
    return rows


def _pair_hashes(codes: Codes) -> Codes:
    """The hash of each character with the next; the last one's means nothing."""
    codes = np.where(codes == ord(pages.EDGE), _EDGE, codes)
    _learn(codes)
    first, second = codes, np.append(codes[1:], _EDGE)
    mixed = (_ran_on(first, second) ^ _differs.take(second)).astype(np.uint64) * np.uint64(0x9E3779B1)
    mixed ^= mixed >> np.uint64(15)
    last = (first == _EDGE) | (second == _EDGE) | _are_common(first, second)
    hashes: Codes = mixed.astype(np.uint32) & np.uint32(0x7FFFFFFF) | last.astype(np.uint32) << np.uint32(31)
    return hashes


def _ran_on(first: Codes, second: Codes) -> Codes:
    """The checksums of the first characters, with as many zero bytes behind them as the second ones have."""
    sizes = _bytes.take(second)
    found: Codes = _run_on[_HAN_BYTES].take(first)
    for size in {*_run_on} - {_HAN_BYTES}:
        others = np.flatnonzero(sizes == size)
        found[others] = _run_on[size].take(first.take(others))
    return found


def _learn(codes: Codes) -> None:
    """Fill the tables for characters that are met for the first time."""
    unknown = codes[_bytes.take(codes) == 0]
    for code in np.unique(unknown).tolist() if len(unknown) else ():
        char = chr(code).encode()
        for size, checksums in _run_on.items():
            checksums[code] = crc32(char + bytes(size))
        _differs[code] = crc32(char) ^ crc32(bytes(len(char)))
        _bytes[code] = len(char)


def _are_common(first: Codes, second: Codes) -> Flags:
    """Which pairs are among COMMON: a sieve passes those and a few others, which are looked up."""
    common = _SIEVE[_sieve(first, second)]
    passed = np.flatnonzero(common)
    keys = first[passed].astype(np.uint64) << _CODE_BITS | second[passed]
    common[passed] = _COMMON[np.minimum(np.searchsorted(_COMMON, keys), len(_COMMON) - 1)] == keys
    return common


def _sieve(first: Codes, second: Codes) -> NDArray[np.uint32]:
    return (first * np.uint32(257) ^ second) & np.uint32(0xFFFF)


_PAIRS = np.array([[ord(char) for char in pair] for pair in sorted(COMMON)], np.uint32)
_COMMON = np.sort(_PAIRS[:, 0].astype(np.uint64) << _CODE_BITS | _PAIRS[:, 1])
_SIEVE = np.zeros(0x10000, np.bool_)
_SIEVE[_sieve(_PAIRS[:, 0], _PAIRS[:, 1])] = True
