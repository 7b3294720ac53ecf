"""What people's decisions teach the models: a small change of their weights, kept beside them.

A few passive-aggressive passes over the samples (Crammer et al. 2006) from the shipped weights; the change is no longer
than `LONGEST`, and is taken only when no text of a frozen set that was judged right is judged wrong by it. So F1 and
false alarms on that set never get worse, and no topic of it, whoever the samples come from. An advert's n-grams that
the harmless texts of that set hold as well are everybody's, and never come to speak for adverts: by 50 harmless texts
declared adverts false alarms rose from 0.39 % to 0.97 % without that, and rise to 0.58 % with it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.core.event_fields import TOPICS
from bot.ports import Lesson
from bot.text import topic_learning
from bot.text.features import grams
from bot.text.models import BadModel, Models, by_shape, spam_places
from bot.text.normalise import fold

PASSES = 4
BEYOND = 0.05
"""How far beyond the bar a sample is to be, in margins; what is there already teaches nothing."""
LONGEST = 4.0
"""Most that all samples together may change: length of the change, in margins of a text."""
NO_TOPIC = ""
MARKS: dict[str, bool | str] = {"广告": True, "正常": False, "无题材": NO_TOPIC, **{topic: topic for topic in TOPICS}}
_PAIR = np.dtype([("place", "<u4"), ("weight", "<f4")])

Labelled = tuple[str, bool | str]
"""A text, and whether it is an advert; or what it is about, "" for nothing."""


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
                raise BadModel(f"{file.name} 第 {number} 行：应为「广告」「正常」「无题材」或题材名、制表符、文本")
            frozen.append((text, MARKS[mark]))
    return frozen


def learn(models: Models, samples: Sequence[Labelled], frozen: Sequence[Labelled]) -> Lesson | None:
    """The change that samples teach; None when it would make anything of the frozen set worse, or nothing is left."""
    if not samples or not frozen:
        return None
    weights = _pack(models, samples, [text for text, mark in frozen if mark is not True])
    labels = np.array([mark for _, mark in frozen], object)
    before, after = _said(models, frozen), _said(changed(models, weights), frozen)
    if bool(((before == labels) & (after != labels)).any()):
        return None
    marked = [(mark, said) for mark, said in zip(labels, after, strict=True) if isinstance(mark, bool)]
    hits, alarms = marked.count((True, True)), marked.count((False, True))
    f1 = 2 * hits / max(1, sum(mark for mark, _ in marked) + hits + alarms)
    return Lesson(weights, round(f1, 4), alarms)


def changed(models: Models, weights: bytes) -> Models:
    """The models with a change; one learned on other models is left out, its places mean nothing here."""
    if weights[:32] != _base(models):
        return models
    count = int.from_bytes(weights[32:36], "little")
    pairs = np.frombuffer(weights, _PAIR, count, offset=36)
    spam = models.spam.astype(np.float32)
    spam[pairs["place"]] += pairs["weight"]
    return topic_learning.changed(replace(models, spam=spam.astype(np.float16)), weights[36 + pairs.nbytes :])


def _fitted(
    models: Models, samples: Sequence[tuple[str, bool]], harmless: Sequence[str]
) -> tuple[NDArray[np.uint32], NDArray[np.float64]]:
    """Places and by how much their weights change; those of harmless texts never rise."""
    folded = [fold(text) for text, _ in samples]
    found = grams(folded)
    # Whatever is clear now may be open once it has changed, and then its shape has a say.
    starts = models.spam_margins(found) + by_shape(folded, models.shape) - models.spam_bar
    places, columns = np.unique(spam_places(found), return_inverse=True)
    ordinary = np.isin(places, spam_places(grams([fold(text) for text in harmless])))
    mine = [columns[found.texts == number] for number in range(found.count)]
    change = np.zeros(len(places))
    for _ in range(PASSES):
        for own, start, (_text, advert) in zip(mine, starts.tolist(), samples, strict=True):
            root = np.sqrt(max(1, len(own)))
            margin = start + change[own].sum() / root
            side = 1.0 if advert else -1.0
            moved = own[~ordinary[own]] if advert else own
            np.add.at(change, moved, side * max(0.0, BEYOND - side * margin) * root / max(1, len(moved)))
            change *= min(1.0, LONGEST / max(LONGEST, float(np.linalg.norm(change))))
    return places, change


def _said(models: Models, texts: Sequence[Labelled]) -> NDArray[np.object_]:
    """What the models say to the question that each text's mark answers."""
    judged = models.judge([fold(text) for text, _ in texts])
    said = [
        one.strength >= 0.5 if isinstance(mark, bool) else one.topic or NO_TOPIC
        for one, (_, mark) in zip(judged, texts, strict=True)
    ]
    return np.array(said, object)


def _pack(models: Models, samples: Sequence[Labelled], harmless: Sequence[str]) -> bytes:
    """The models' hash, the number of changed places, places and changes; then the topics' change."""
    adverts = [(text, mark) for text, mark in samples if isinstance(mark, bool)]
    topics = [(text, mark) for text, mark in samples if isinstance(mark, str)]
    places, change = _fitted(models, adverts, harmless) if adverts else (np.empty(0, np.uint32), np.empty(0))
    pairs = np.empty(len(places), _PAIR)
    pairs["place"], pairs["weight"] = places, change
    return _base(models) + len(pairs).to_bytes(4, "little") + pairs.tobytes() + topic_learning.fit(models, topics)


def _base(models: Models) -> bytes:
    return sha256(models.spam.tobytes() + models.topic_weights.tobytes()).digest()
