"""The trained models: is a text an advert, and what is it about. Reading them needs numpy alone, and no pickle.

File: MAGIC, SHA-256 of the rest, one JSON line (names of topics, bars, scales), then the weights: float16 for adverts,
int8 for topics. A file that is cut, changed or of another version is refused (BadModel).
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from math import exp, sqrt
from pathlib import Path

import numpy as np
import orjson
from numpy.typing import NDArray

from bot.text.features import BITS, Places

MAGIC = b"QUNBIAO-TEXT-1\n"
SIZE = 1 << BITS
STEEPNESS = 4.0
"""Slope of the logistic curve that makes a margin a strength."""


class BadModel(ValueError):
    """A model file that cannot be used; the message is Chinese and says why."""


@dataclass(frozen=True, slots=True)
class Models:
    """Linear models over `bot.text.features.places`.

    spam_bar: margin at which a text is an advert; topic_bar: least margin of a topic; scales: value of one step of the
    topic weights, by topic. The bars are chosen on texts that the models had not seen.
    """

    spam: NDArray[np.float32]
    spam_offset: float
    spam_bar: float
    topics: tuple[str, ...]
    topic_weights: NDArray[np.int8]
    topic_scales: tuple[float, ...]
    topic_offsets: tuple[float, ...]
    topic_bar: float

    def spam_strength(self, found: Places) -> float:
        """0–1; 0.5 exactly at the bar."""
        margin = float(self.spam[found].sum()) / sqrt(len(found)) + self.spam_offset
        return 1 / (1 + exp(-STEEPNESS * (margin - self.spam_bar)))

    def topic(self, found: Places) -> tuple[str | None, float]:
        """The topic, None when unsure, and the confidence 0–1 in the likeliest (0.5 at the bar)."""
        sums = self.topic_weights[found].sum(axis=0, dtype=np.int32)
        margins = sums * np.array(self.topic_scales) / sqrt(len(found)) + np.array(self.topic_offsets)
        best = int(margins.argmax())
        confidence = 1 / (1 + exp(-STEEPNESS * (float(margins[best]) - self.topic_bar)))
        return (self.topics[best] if confidence >= 0.5 else None), confidence


def dump(models: Models) -> bytes:
    """The file of some models; the same models always give the same bytes."""
    head = {
        "bits": BITS,
        "spam_offset": models.spam_offset,
        "spam_bar": models.spam_bar,
        "topics": models.topics,
        "topic_scales": models.topic_scales,
        "topic_offsets": models.topic_offsets,
        "topic_bar": models.topic_bar,
    }
    weights = models.spam.astype("<f2").tobytes() + models.topic_weights.tobytes()
    body = orjson.dumps(head) + b"\n" + weights
    return MAGIC + sha256(body).digest() + body


def load(file: Path) -> Models:
    """Read a model file. Raises BadModel."""
    try:
        raw = file.read_bytes()
    except OSError as error:
        raise BadModel(f"模型 {file.name}：读不出来（{error.strerror}）") from None
    start = len(MAGIC) + 32
    if not raw.startswith(MAGIC):
        raise BadModel(f"模型 {file.name}：不是本版本的模型文件")
    if sha256(raw[start:]).digest() != raw[len(MAGIC) : start]:
        raise BadModel(f"模型 {file.name}：文件不完整或被改动")
    line, _, weights = raw[start:].partition(b"\n")
    return _models(orjson.loads(line), weights)


def _models(head: dict[str, object], weights: bytes) -> Models:
    spam = np.frombuffer(weights[: 2 * SIZE], "<f2").astype(np.float32)
    given = {name: tuple(value) if isinstance(value, list) else value for name, value in head.items() if name != "bits"}
    topic_weights = np.frombuffer(weights[2 * SIZE :], np.int8).reshape(SIZE, -1)
    return Models(spam=spam, topic_weights=topic_weights, **given)  # type: ignore[arg-type]  # hashed: written by dump
