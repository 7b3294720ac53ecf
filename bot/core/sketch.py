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

EDGE = "\x02"
"""What stands before and after a text."""
_MEMO_MOST = 65536
_PACK = [Struct(f"<{count}I") for count in range(SIZE + 1)]
_NO_LETTER = re.compile(r"[\W_]+")


COMMON = frozenset(
    "th in er he st at re ha es it an nt or on to ti ea ou ng et en is te ar sa se me al as nd le ed ts ll no tt so hi "
    "ot ta co om do ay ve ro si pe ne ec li ra ho de be el ri ut fo ee ma us ca ly rs ss di ei of wh em il oo ul ow yo "
    "mo im od tr ke lo ni ac la ch rt ns fi ur ht ic ce ge ld ab bu na ep su wa wi pr io wo os pa we un ef ad ew da rl "
    "ct dt op id sh ig tw gh am eo gi if sp mi tu bl eb nc ob oa ak pl oi av ai go uc po rr ye tp mp ba ap ex ev sn ol "
    "tc ds yt ry ki my ck fa ls ug gt tl ys ud rm ub ir ag nk lt bo ft sw ik sc ga ya yi "
    "我们 什么 今天 明天 怎么 现在 知道 时候 没有 呵呵 哈哈 你们 可以 不是 一下 一个 电话 给你 给我".split()
)
"""Pairs that most talk shares. They, and a text's edges, sort last: the first hashes are the telling ones, so an index
over them finds few candidates, and a long text is compared by what is particular to it."""


class _PairHashes(dict[str, int]):
    """Hash by character pair, remembered: chat repeats its pairs, and a look-up costs a tenth of the hash."""

    def __missing__(self, pair: str) -> int:
        if len(self) >= _MEMO_MOST:
            self.clear()
        mixed = crc32(pair.encode("utf-8", "surrogatepass")) * 0x9E3779B1
        last = 0x80000000 if pair in COMMON or EDGE in pair else 0
        value = self[pair] = (mixed ^ mixed >> 15) & 0x7FFFFFFF | last
        return value


_hash_of = _PairHashes().__getitem__


def letters_of(text: str) -> str:
    """Letters, digits and Han of a text, lower case: what two texts are compared by."""
    return _NO_LETTER.sub("", text.lower())


def compared(letters: str, text: str) -> str:
    """What of a text is compared: its letters; where it has none, all but its blanks."""
    return letters or "".join(text.split())


def sketch(text: str) -> bytes:
    """The sketch of a normalised text; b"" when there is nothing but blanks."""
    return sketch_of_letters(letters_of(text), text)


def sketch_of_letters(letters: str, text: str) -> bytes:
    """As `sketch`, for a caller that has `letters_of(text)`. A text without letters is compared as it stands."""
    kept = compared(letters, text)
    if not kept:
        return b""
    hashes = sorted(set(map(_hash_of, map(add, EDGE + kept, kept + EDGE))))[:SIZE]
    return _PACK[len(hashes)].pack(*hashes)


class Features:
    """A sketch to compare: unpacked when it is first compared, as most never are."""

    __slots__ = ("_first", "_members", "count", "sketch")

    def __init__(self, sketch: bytes) -> None:
        self.sketch = sketch
        self.count = len(sketch) // 4
        self._first: tuple[int, ...] = ()
        self._members: frozenset[int] | None = None

    def first(self, count: int) -> tuple[int, ...]:
        """The `count` smallest hashes; whoever asks once will ask again."""
        if len(self._first) != count:
            self._first = _PACK[count].unpack_from(self.sketch)
        return self._first

    @property
    def members(self) -> frozenset[int]:
        """All hashes."""
        if self._members is None:
            self._members = frozenset(_PACK[self.count].unpack_from(self.sketch))
        return self._members


def similarity(one: bytes, other: bytes) -> float:
    """Jaccard index (0–1) of two texts' character pairs: exact for short texts, else estimated; 0 for an empty one."""
    if not one or not other:
        return 0.0
    return 1.0 if one == other else feature_similarity(Features(one), Features(other))


def feature_similarity(one: Features, other: Features, floor: float = 0.0) -> float:
    """As `similarity`, of unpacked sketches; 0, and sooner, when it is certainly below `floor`."""
    count, other_count = one.count, other.count
    if count < floor * other_count or other_count < floor * count:
        return 0.0
    common = one.members & other.members
    shared = len(common)
    union = count + other_count - shared
    if union <= SIZE or (count < SIZE and other_count < SIZE):
        return shared / union
    if shared < floor * SIZE:
        return 0.0
    lowest = sorted(one.members | other.members)[:SIZE]
    return sum(value in common for value in lowest) / SIZE
