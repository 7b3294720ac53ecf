"""What reviewed messages teach the advert model: a small change of its weights, kept beside it.

A few passive-aggressive passes over the samples (Crammer et al. 2006) from the shipped weights; the change is no longer
than `LONGEST`, and is taken only when no text of a frozen set that was judged right is judged wrong by it. So F1 and
false alarms on that set never get worse, whoever the samples come from.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.ports import Lesson
from bot.text.features import grams
from bot.text.models import BadModel, Models, spam_places
from bot.text.normalise import fold

PASSES = 4
BEYOND = 0.05
"""How far beyond the bar a sample is to be, in margins; what is there already teaches nothing."""
LONGEST = 4.0
"""Most that all samples together may change: length of the change, in margins of a text."""
MARKS = {"广告": True, "正常": False}
_PAIR = np.dtype([("place", "<u4"), ("weight", "<f4")])

Labelled = tuple[str, bool]
"""A text, and whether it is an advert."""


def load_frozen(file: Path) -> list[Labelled]:
    """Read a frozen set. Raises BadModel naming the line."""
    try:
        lines = file.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError):
        raise BadModel(f"{file.name}：读不出来") from None
    frozen = []
    for number, line in enumerate(lines, 1):
        mark, _, text = line.partition("\t")
        if not line.startswith("#"):
            if mark not in MARKS or not text.strip():
                raise BadModel(f"{file.name} 第 {number} 行：应为「广告」或「正常」、制表符、文本")
            frozen.append((text, MARKS[mark]))
    return frozen


def learn(models: Models, samples: Sequence[Labelled], frozen: Sequence[Labelled]) -> Lesson | None:
    """The change that samples teach; None when it would make anything of the frozen set worse, or nothing is left."""
    if not samples or not frozen:
        return None
    weights = _pack(models, *_fitted(models, samples))
    labels = np.array([advert for _, advert in frozen])
    before, after = _verdicts(models, frozen), _verdicts(changed(models, weights), frozen)
    if bool(((before == labels) & (after != labels)).any()):
        return None
    hits, alarms = int((after & labels).sum()), int((after & ~labels).sum())
    f1 = 2 * hits / max(1, int(labels.sum()) + hits + alarms)
    return Lesson(weights, round(f1, 4), alarms)


def changed(models: Models, weights: bytes) -> Models:
    """The models with a change; one learned on other models is left out, its places mean nothing here."""
    if weights[:32] != _base(models):
        return models
    pairs = np.frombuffer(weights, _PAIR, offset=32)
    spam = models.spam.astype(np.float32)
    spam[pairs["place"]] += pairs["weight"]
    return replace(models, spam=spam.astype(np.float16))


def _fitted(models: Models, samples: Sequence[Labelled]) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Places and by how much their weights change."""
    found = grams([fold(text) for text, _ in samples])
    starts = models.spam_margins(found) - models.spam_bar
    places, columns = np.unique(spam_places(found), return_inverse=True)
    mine = [columns[found.texts == number] for number in range(found.count)]
    change = np.zeros(len(places))
    for _ in range(PASSES):
        for own, start, (_text, advert) in zip(mine, starts.tolist(), samples, strict=True):
            root = np.sqrt(max(1, len(own)))
            margin = start + change[own].sum() / root
            side = 1.0 if advert else -1.0
            np.add.at(change, own, side * max(0.0, BEYOND - side * margin) / root)
            change *= min(1.0, LONGEST / max(LONGEST, float(np.linalg.norm(change))))
    return places, change


def _verdicts(models: Models, texts: Sequence[Labelled]) -> NDArray[np.bool_]:
    return np.array([judged.strength >= 0.5 for judged in models.judge([fold(text) for text, _ in texts])])


def _pack(models: Models, places: NDArray[np.uint32], change: NDArray[np.float64]) -> bytes:
    pairs = np.empty(len(places), _PAIR)
    pairs["place"], pairs["weight"] = places, change
    return _base(models) + pairs.tobytes()


def _base(models: Models) -> bytes:
    return sha256(models.spam.tobytes()).digest()
