"""The trained models: is a text an advert, and what is it about. Reading them needs numpy alone, and no pickle.

Both are linear over `bot.text.features.grams`. Adverts: one weight for each place, coarsened to SPAM_BITS; each n-gram
counts 1 ÷ √(their number). Topics: only the n-grams of letters that were met often enough in training have weights;
each counts its inverse document frequency, scaled to a length of 1. What n-grams alone say of an advert is corrected by
the shape of the text (`bot.text.shape`) where it is less than OPEN from undecided.

File: MAGIC, SHA-256 of the rest, one JSON line (names, bars, scales), then the arrays in the order of `_ARRAYS` and
`_SHAPE`. A file that is cut, changed or of another version is refused (BadModel).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple

import numpy as np
import orjson
from numpy.typing import NDArray

from bot.errors import why
from bot.text.features import BITS, Grams, page_grams
from bot.text.page import Numbers, Page, pages
from bot.text.place_rows import PlaceRows
from bot.text.shape import FORKS, LEAVES, ShapeTrees, shapes

MAGIC = b"QUNBIAO-TEXT-3\n"
SPAM_BITS = 20
_COARSER = np.uint32(BITS - SPAM_BITS)
LEAST_KNOWN = 5
"""Known n-grams of letters from which a text may have a topic: of 「收到」 nobody can tell."""
NOTHING_KNOWN = -9.0
OPEN = 0.6
"""Margin of n-grams below which a text's shape has a say, at most as much; about one text in sixteen."""
STEEPNESS = 4.0
"""Slope of the logistic curve that makes a margin a strength."""
PIECE = 1 << 16
"""Bytes of the file read at once."""
_ARRAYS = {
    "spam": "<f2",
    "topic_places": "<u4",
    "topic_rarity": "<f2",
    "topic_weights": "<i1",
}
_SHAPE = {"measures": "<i1", "bars": "<f4", "leaves": "<f4"}


class BadModel(ValueError):
    """A model file that cannot be used; the message is Chinese and says why."""


class Judged(NamedTuple):
    """strength: 0–1, 0.5 at the advert bar. topic: None when unsure; confidence 0–1, 0.5 at the topic bar."""

    strength: float
    topic: str | None
    confidence: float


@dataclass(frozen=True, slots=True)
class Models:
    """Weights and bars. The bars are margins chosen on texts that the models had not seen.

    topic_places: sorted; topic_rarity: inverse document frequency of each; topic_weights: one row for each, in steps of
    topic_scales (parts of steps once something was learned), one column a topic.
    """

    spam: NDArray[np.float16]
    spam_offset: float
    spam_bar: float
    topics: tuple[str, ...]
    topic_places: NDArray[np.uint32]
    topic_rarity: NDArray[np.float16]
    topic_weights: NDArray[np.int8] | NDArray[np.float16]
    topic_scales: tuple[float, ...]
    topic_offsets: tuple[float, ...]
    topic_bar: float
    shape: ShapeTrees
    topic_rows: PlaceRows = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "topic_rows", PlaceRows(self.topic_places))

    def judge(self, folded: Sequence[str]) -> list[Judged]:
        """Judge folded texts; many at once cost far less than one by one."""
        order = sorted(range(len(folded)), key=lambda at: len(folded[at]))
        texts = [folded[at] for at in order]
        found = [judged for own in pages(texts) for judged in self.judge_page(Page(texts[own]))]
        return [judged for _, judged in sorted(zip(order, found, strict=True))]

    def judge_page(self, page: Page, topical: Sequence[bool] | None = None) -> list[Judged]:
        """Judge the texts of a page. topical: which may have a topic; all, when it is not told."""
        found = page_grams(page)
        strengths = _logistic(self.advert_margins(page.folded, found) - self.spam_bar)
        if topical is None or all(topical):
            topics, sure = self._told(found)
        else:
            topics, sure = np.full(found.count, len(self.topics)), np.zeros(found.count)
            if any(topical):
                asked = np.array(topical)
                topics[asked], sure[asked] = self._told(found.only(asked))
        names = map((*self.topics, None).__getitem__, topics.tolist())
        return list(map(Judged, strengths.tolist(), names, sure.tolist()))

    def _told(self, found: Grams) -> tuple[Numbers, NDArray[np.float64]]:
        """The likeliest topic of each text, one too high a number when unsure; and how sure."""
        margins = self.topic_margins(found)
        best = margins.argmax(axis=1)
        sure = _logistic(margins[np.arange(found.count), best] - self.topic_bar)
        return np.where(sure < 0.5, len(self.topics), best), sure

    def advert_margins(self, folded: Sequence[str], found: Grams) -> NDArray[np.float64]:
        """Margin of each folded text by its n-grams and its shape; the shape of the result is (texts,)."""
        return with_shape(self.spam_margins(found), folded, self.shape)

    def spam_margins(self, found: Grams) -> NDArray[np.float64]:
        """Margin of each text by its n-grams alone; the shape is (texts,)."""
        weights = self.spam.take(spam_places(found)).astype(np.float64)
        # Every text has edges, so none is without n-grams of either kind.
        sums = np.add.reduceat(weights, found.counts.cumsum() - found.counts).reshape(2, -1)
        margins: NDArray[np.float64] = (sums[0] + sums[1]) / np.sqrt(found.counts.reshape(2, -1).sum(axis=0))
        return margins + self.spam_offset

    def topic_margins(self, found: Grams) -> NDArray[np.float64]:
        """Margins; the shape is (texts, topics). Too little known of a text is NOTHING_KNOWN throughout."""
        known, rows = self.topic_rows.find(found.letter_places)
        ends = known.searchsorted(found.letter_counts.cumsum())
        counts = ends.copy()
        counts[1:] -= ends[:-1]
        rarity = self.topic_rarity.take(rows).astype(np.float32)
        # `take`, and one type throughout: mixed and by brackets the same costs five times as much.
        weights = self.topic_weights.take(rows, axis=0).astype(np.float32)
        weights *= rarity[:, None]
        present = counts.nonzero()[0]
        starts = (ends - counts).take(present)
        scaled = np.full((found.count, len(self.topics)), NOTHING_KNOWN)
        if len(present):
            lengths = np.sqrt(np.add.reduceat(np.square(rarity, dtype=np.float64), starts))
            sums = np.add.reduceat(weights, starts, axis=0) * np.array(self.topic_scales)
            scaled[present] = sums / np.maximum(lengths, 1e-9)[:, None] + np.array(self.topic_offsets)
            scaled[counts < LEAST_KNOWN] = NOTHING_KNOWN
        return scaled


def with_shape(margins: NDArray[np.float64], folded: Sequence[str], trees: ShapeTrees) -> NDArray[np.float64]:
    """Margins with what the shapes of texts add where n-grams leave it open."""
    open_ = np.flatnonzero(np.abs(margins) < OPEN)
    if len(open_):
        margins = margins.copy()
        margins[open_] += by_shape([folded[at] for at in open_.tolist()], trees)
    return margins


def by_shape(folded: Sequence[str], trees: ShapeTrees) -> NDArray[np.float64]:
    """What the shape of each text would add to its margin."""
    return np.clip(trees.add(shapes(folded)), -OPEN, OPEN)


def spam_places(found: Grams) -> NDArray[np.uint32]:
    return found.places >> _COARSER


def _logistic(margins: NDArray[np.float64]) -> NDArray[np.float64]:
    return 1 / (1 + np.exp(-STEEPNESS * margins))


def dump(models: Models) -> bytes:
    """The file of some models; the same models always give the same bytes."""
    names = ("spam_offset", "spam_bar", "topics", "topic_scales", "topic_offsets", "topic_bar")
    head = {name: getattr(models, name) for name in names} | {"known": len(models.topic_places)}
    head["trees"] = len(models.shape.measures)
    arrays = [getattr(models, name).astype(kind).tobytes() for name, kind in _ARRAYS.items()]
    arrays += [getattr(models.shape, name).astype(kind).tobytes() for name, kind in _SHAPE.items()]
    body = orjson.dumps(head) + b"\n" + b"".join(arrays)
    return MAGIC + sha256(body).digest() + body


def load(file: Path) -> Models:
    """Read a model file. Raises BadModel."""
    try:
        with file.open("rb") as source:
            return _load(source, file.name)
    except OSError as error:
        raise BadModel(f"模型 {file.name}：读不出来（{why(error)}）") from None


def _load(source: BinaryIO, name: str) -> Models:
    """Twice through the file, in pieces: a block as large as the file would stay with the process."""
    if source.read(len(MAGIC)) != MAGIC:
        raise BadModel(f"模型 {name}：不是本版本的模型文件")
    told, start, digest = source.read(32), source.tell(), sha256()
    while piece := source.read(PIECE):
        digest.update(piece)
    if digest.digest() != told:
        raise BadModel(f"模型 {name}：文件不完整或被改动")
    source.seek(start)
    return _models(orjson.loads(source.readline()), source)


def _models(head: dict[str, Any], source: BinaryIO) -> Models:
    known, trees, topics = head.pop("known"), head.pop("trees"), tuple(head["topics"])
    lengths = {"spam": 1 << SPAM_BITS, "topic_weights": known * len(topics)}
    read: dict[str, Any] = {name: np.fromfile(source, kind, lengths.get(name, known)) for name, kind in _ARRAYS.items()}
    read["topic_weights"] = read["topic_weights"].reshape(known, len(topics))
    widths = {"leaves": LEAVES}
    shape = {
        name: np.fromfile(source, kind, trees * widths.get(name, FORKS)).reshape(trees, -1)
        for name, kind in _SHAPE.items()
    }
    given: dict[str, Any] = {name: tuple(value) if isinstance(value, list) else value for name, value in head.items()}
    return Models(**read, **given, shape=ShapeTrees(**shape))
