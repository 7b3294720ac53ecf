"""The labelled texts of a data directory, and their folds: near-duplicates of a text are never on the other side."""

from __future__ import annotations

import gzip
from collections.abc import Iterator, Sequence
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from bot.core.sketch import letters_of
from bot.errors import BadInput
from bot.text.normalise import fold

FOLDS = 4
TOPICS = {
    "tech": "科技", "science": "科技", "entertainment": "娱乐", "sports": "体育", "finance": "财经", "stock": "财经",
    "stocks": "财经", "car": "汽车", "edu": "教育", "education": "教育", "travel": "旅游", "house": "房产",
    "realty": "房产", "game": "游戏", "military": "军事", "world": "国际", "agriculture": "农业", "society": "社会",
    "culture": "文化",
}  # fmt: skip
"""Our names of the classes; story and politics have none."""
HEADLINES = ("toutiao", "thucnews")
ENGLISH = "irc"
"""Talk without Chinese, of which the other sources have next to nothing."""
EVERY = 32
"""One in so many of its messages is taken."""
OWN = "own"
"""Source of the phrases of config/models/group_talk.txt."""
_BANDS, _PRIME = 12, np.uint64(4294967291)


class Example(NamedTuple):
    """A text: its source, whether it is an advert, its topic ("" when it has none of ours)."""

    source: str
    advert: bool
    topic: str
    text: str


def spam_examples(data: Path) -> list[Example]:
    """Chat and text messages. gamead's label 0 is left out: it is not ham."""
    rows = [*_table(data / "spam" / "spam.tsv.gz"), *_table(data / "spam" / "ham_sms.tsv.gz")]
    return [
        Example(row["source"], row["label"] == "1", "", row["text"])
        for row in rows
        if (row["source"], row["label"]) != ("gamead", "0")
    ]


def headlines(data: Path) -> list[Example]:
    return [
        Example(source, False, TOPICS.get(row["label"], ""), row["text"])
        for source in HEADLINES
        for row in _table(data / "topic" / f"{source}.tsv.gz")
    ]


def english_talk(data: Path) -> list[Example]:
    """Messages of public channels, a fixed few of them, so that a link or a line of code is not taken for an advert."""
    texts = {
        row["text"]
        for file in sorted((data / "chat").glob("irc_*.tsv.gz"))
        for row in _table(file)
        if row["kind"] == "msg" and row["is_bot"] == "0" and _taken(row["text"])
    }
    return [Example(ENGLISH, False, "", text) for text in sorted(texts)]


def _taken(text: str) -> bool:
    return int(sha256(text.encode("utf-8", "replace")).hexdigest()[:8], 16) % EVERY == 0


def group_talk(file: Path) -> list[Example]:
    """Harmless phrases of groups, one a line; "#" begins a comment. Raises BadInput."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadInput(f"{file}：读不出来，或不是 UTF-8") from None
    return [Example(OWN, False, "", line) for line in lines if line and not line.startswith("# ")]


def _table(file: Path) -> Iterator[dict[str, str]]:
    """Rows of a gzipped table with one header line. Raises BadInput."""
    try:
        with gzip.open(file, "rt", encoding="utf-8") as lines:
            names = next(lines).rstrip("\n").split("\t")
            for line in lines:
                yield dict(zip(names, line.rstrip("\n").split("\t"), strict=True))
    except (OSError, EOFError, ValueError, StopIteration):
        raise BadInput(f"{file}：读不出来，或不是制表符分隔的 gzip 表") from None


def folds(texts: Sequence[str]) -> NDArray[np.int64]:
    """A fold 0 … FOLDS − 1 for each text; a cluster of near-duplicates has one."""
    roots = _clusters([frozenset(_trigrams(text)) for text in texts])
    return np.array([int(sha256(str(root).encode()).hexdigest()[:8], 16) % FOLDS for root in roots])


def _trigrams(text: str) -> Iterator[int]:
    letters = letters_of(fold(text).lower()) or text
    for at in range(max(1, len(letters) - 2)):
        yield int.from_bytes(sha256(letters[at : at + 3].encode("utf-8", "replace")).digest()[:4])


def _clusters(sets: Sequence[frozenset[int]]) -> list[int]:
    """Connected components of pairs with Jaccard similarity ≥ 0.5 that MinHash bands of two rows bring together."""
    parents, met = list(range(len(sets))), dict[tuple[int, int, int], int]()
    chance = np.random.default_rng(1)
    factors, shifts = (chance.integers(1, 2**31, 2 * _BANDS, np.uint64) | np.uint64(1) for _ in range(2))
    for number, own in enumerate(sets):
        least = ((np.fromiter(own, np.uint64)[:, None] * factors + shifts) % _PRIME).min(0).tolist()
        for band in range(_BANDS):
            other = met.setdefault((band, least[2 * band], least[2 * band + 1]), number)
            if other != number and 2 * len(own & sets[other]) >= len(own | sets[other]):
                parents[_root(parents, number)] = _root(parents, other)
    return [_root(parents, number) for number in range(len(sets))]


def _root(parents: list[int], number: int) -> int:
    while parents[number] != number:
        parents[number] = parents[parents[number]]
        number = parents[number]
    return number
