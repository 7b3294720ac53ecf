"""What topics that people gave to messages teach: a small change of the topic weights, as `learning` does of adverts.

A sample's own topic is to lie beyond the bar and beyond every other (multi-class passive-aggressive, Crammer et al.
2006). A topic that the models do not know yet becomes a column of its own, which begins with nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import orjson
from numpy.typing import NDArray

from bot.text.features import grams
from bot.text.models import LEAST_KNOWN, Models
from bot.text.normalise import fold

PASSES = 4
BEYOND = 0.2
"""How far its topic is to lie beyond the bar and the others, in margins."""
LONGEST = 8.0
"""Most that all samples together may change: length of the change, in margins of a text."""
_ENTRY = np.dtype([("row", "<u4"), ("column", "<u2"), ("weight", "<f4")])

Rows = NDArray[np.int64]
Values = NDArray[np.float64]


def fit(models: Models, samples: Sequence[tuple[str, str]]) -> bytes:
    """The change that (text, topic) pairs teach: a JSON line of the topics that are new, then its entries."""
    new = sorted({topic for _, topic in samples} - set(models.topics))
    wide = _widened(models, new)
    columns = [wide.topics.index(topic) for _, topic in samples]
    known = [_known(wide, text) for text, _ in samples]
    rows = np.unique(np.concatenate([own for own, _ in known])) if known else np.empty(0, np.int64)
    change = _passes(wide, rows, known, columns)
    at, column = np.nonzero(change)
    entries = np.empty(len(at), _ENTRY)
    entries["row"], entries["column"], entries["weight"] = rows[at], column, change[at, column]
    return orjson.dumps(new) + b"\n" + entries.tobytes()


def changed(models: Models, change: bytes) -> Models:
    """The models with a change of `fit`."""
    line, _, raw = change.partition(b"\n")
    entries = np.frombuffer(raw, _ENTRY)
    if not len(entries):
        return models
    wide = _widened(models, orjson.loads(line))
    weights = wide.topic_weights.astype(np.float16)
    steps = entries["weight"] / np.array(wide.topic_scales)[entries["column"]]
    weights[entries["row"], entries["column"]] += steps.astype(np.float16)
    return replace(wide, topic_weights=weights)


def _widened(models: Models, new: Sequence[str]) -> Models:
    """With a column of zeros for each new topic, as unlikely as the others are on the whole."""
    if not new:
        return models
    zeros = np.zeros((len(models.topic_places), len(new)), models.topic_weights.dtype)
    offset = float(np.mean(models.topic_offsets))
    return replace(
        models,
        topics=(*models.topics, *new),
        topic_weights=np.hstack((models.topic_weights, zeros)),
        topic_scales=(*models.topic_scales, *[float(np.mean(models.topic_scales))] * len(new)),
        topic_offsets=(*models.topic_offsets, *[offset] * len(new)),
    )


def _known(models: Models, text: str) -> tuple[Rows, Values]:
    """Rows of a text's known n-grams, and what each counts, scaled to length 1; none of a text that says little."""
    _, rows = models.topic_rows.find(grams([fold(text)]).letter_places)
    if len(rows) < LEAST_KNOWN:
        return rows[:0], np.empty(0)
    rarity = models.topic_rarity[rows].astype(np.float64)
    return rows, rarity / np.linalg.norm(rarity)


def _passes(models: Models, rows: Rows, known: Sequence[tuple[Rows, Values]], columns: Sequence[int]) -> Values:
    """The change of the weights of `rows`, one column a topic."""
    change = np.zeros((len(rows), len(models.topics)))
    starts = [_margins(models, own, values) for own, values in known]
    mine = [np.searchsorted(rows, own) for own, _ in known]
    for _ in range(PASSES if len(rows) else 0):
        for own, (_rows, values), start, column in zip(mine, known, starts, columns, strict=True):
            if len(own):
                _step(change, own, values, start + values @ change[own], column, models.topic_bar)
                change *= min(1.0, LONGEST / max(LONGEST, float(np.linalg.norm(change))))
    return change


def _margins(models: Models, rows: Rows, values: Values) -> Values:
    own: Values = values @ (models.topic_weights[rows] * np.array(models.topic_scales))
    own += np.array(models.topic_offsets)
    return own


def _step(change: Values, own: Rows, values: Values, margins: Values, column: int, bar: float) -> None:
    """Raise the sample's topic; where another lies higher than the bar, lower that one by as much."""
    others = np.delete(margins, column)
    rival = int(np.argmax(np.where(np.arange(len(margins)) == column, -np.inf, margins)))
    short = BEYOND + max(bar, float(others.max())) - float(margins[column])
    if short <= 0:
        return
    contested = margins[rival] > bar
    change[own, column] += (short / 2 if contested else short) * values
    if contested:
        change[own, rival] -= short / 2 * values
