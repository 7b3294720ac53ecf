"""Duplicate sketches: a short hash of a text that outlives it, and the similarity of two texts from theirs alone.

A sketch is the `SIZE` smallest hashes of the text's character pairs (bottom-k MinHash, Broder 1997), sorted, four bytes
each, little-endian. A text with fewer pairs is kept whole, and then the similarity is the exact Jaccard index. Hashes
depend on code points only, so they are the same in every process.
"""

from __future__ import annotations

import re
from operator import add
from struct import Struct
from zlib import crc32

SIZE = 32
"""Most hashes in a sketch; 128 bytes."""

_EDGE = "\x02"
_MEMO_MOST = 65536
_PACK = [Struct(f"<{count}I") for count in range(SIZE + 1)]
_NO_LETTER = re.compile(r"[\W_]+")


class _PairHashes(dict[str, int]):
    """Hash by character pair, remembered: chat repeats its pairs, and a look-up costs a tenth of the hash."""

    def __missing__(self, pair: str) -> int:
        if len(self) >= _MEMO_MOST:
            self.clear()
        mixed = crc32(pair.encode("utf-8", "surrogatepass")) * 0x9E3779B1
        value = self[pair] = (mixed ^ mixed >> 15) & 0xFFFFFFFF
        return value


_hash_of = _PairHashes().__getitem__


def letters_of(text: str) -> str:
    """Letters, digits and Han of a text, lower case: what two texts are compared by."""
    return _NO_LETTER.sub("", text.lower())


def sketch(text: str) -> bytes:
    """The sketch of a normalised text; b"" when there is nothing but blanks."""
    return sketch_of_letters(letters_of(text), text)


def sketch_of_letters(letters: str, text: str) -> bytes:
    """As `sketch`, for a caller that has `letters_of(text)`. A text of emoji or punctuation is compared as it stands."""
    kept = letters or "".join(text.split())
    if not kept:
        return b""
    hashes = sorted(set(map(_hash_of, map(add, _EDGE + kept, kept + _EDGE))))[:SIZE]
    return _PACK[len(hashes)].pack(*hashes)


class Features:
    """An unpacked sketch."""

    __slots__ = ("hashes", "members", "sketch")

    def __init__(self, sketch: bytes) -> None:
        self.sketch = sketch
        self.hashes: tuple[int, ...] = _PACK[len(sketch) // 4].unpack(sketch)
        self.members = frozenset(self.hashes)


def similarity(one: bytes, other: bytes) -> float:
    """Jaccard index (0–1) of two texts' character pairs: exact for short texts, else estimated; 0 beside an empty one."""
    if not one or not other:
        return 0.0
    return 1.0 if one == other else feature_similarity(Features(one), Features(other))


def feature_similarity(one: Features, other: Features) -> float:
    """As `similarity`, of unpacked sketches."""
    common = one.members & other.members
    count, other_count = len(one.hashes), len(other.hashes)
    union = count + other_count - len(common)
    if union <= SIZE or (count < SIZE and other_count < SIZE):
        return len(common) / union
    lowest = sorted(one.members | other.members)[:SIZE]
    return sum(value in common for value in lowest) / SIZE
