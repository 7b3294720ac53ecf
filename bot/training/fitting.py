"""Linear support vector machines over hashed n-grams; the same texts give the same weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.errors import BadInput
from bot.text.features import Grams, grams
from bot.text.models import OPEN, SPAM_BITS, Models, spam_places, with_shape
from bot.text.normalise import fold
from bot.text.shape import ShapeTrees, shapes
from bot.training.boosting import boost
from bot.training.corpus import ENGLISH, HEADLINES, OWN, Example, folds

WEIGHTS = {"tgchat": 2.0, "mcqq": 4.0, OWN: 3.0, "toutiao": 0.15, "thucnews": 0.15, ENGLISH: 0.3}
"""Small sources count more, so that the large ones do not decide alone; headlines are no chat."""
FALSE_ALARMS = 0.005
"""Share of unseen ham that may pass the advert bar; the word lists, which join it, add theirs."""
SMALL_TALK = 0.08
"""Share of unseen text messages that may be given a topic."""
RIGHT = 0.895
"""Share of unseen headlines given a topic that are to be given the right one; who is less sure says nothing."""
NO_TOPIC = "无"
LEAST_TEXTS = 3
"""Training texts an n-gram of the topic model is met in."""


def fit(spam: Sequence[Example], titles: Sequence[Example]) -> Models:
    """Both models; their bars are chosen on texts that a model fitted on the others had not seen."""
    talk = [*spam, *titles]
    adverts = _spam(talk, folds([one.text for one in talk]))
    small = [one for one in spam if one.source == "nussms"]
    topical = [one for one in titles if one.topic]
    return _with_topics(adverts, topical, small)


def _spam(talk: Sequence[Example], sides: NDArray[np.int64]) -> dict[str, Any]:
    """The advert parts of `Models`."""
    folded = [fold(one.text) for one in talk]
    found = grams(folded)
    matrix = _matrix(found.texts, spam_places(found).astype(np.int64), None, (found.count, 1 << SPAM_BITS))
    adverts = np.array([one.advert for one in talk])
    counts = np.array([WEIGHTS.get(one.source, 1.0) for one in talk])
    margins = np.zeros(len(talk))
    for side in np.unique(sides):
        seen = sides != side
        margins[~seen] = _machine(matrix[seen], adverts[seen], counts[seen]).decision_function(matrix[~seen])
    shaped = np.zeros(len(talk))
    for side in np.unique(sides):
        own = sides == side
        trees = _trees(folded, margins, adverts, counts, ~own)
        shaped[own] = with_shape(margins[own], [folded[at] for at in np.flatnonzero(own).tolist()], trees)
    chat = np.array([one.source not in (*HEADLINES, ENGLISH, OWN) for one in talk])
    bars = [np.quantile(shaped[group & ~adverts], 1 - FALSE_ALARMS) for group in (chat, ~chat) if group.any()]
    fitted = _machine(matrix, adverts, counts)
    return {
        "spam": fitted.coef_[0].astype(np.float16),
        "spam_offset": float(fitted.intercept_[0]),
        "spam_bar": round(float(max(bars)), 4),
        "shape": _trees(folded, margins, adverts, counts, np.ones(len(talk), bool)),
    }


def _trees(
    folded: Sequence[str],
    margins: NDArray[np.float64],
    adverts: NDArray[np.bool_],
    counts: NDArray[np.float64],
    used: NDArray[np.bool_],
) -> ShapeTrees:
    """Trees fitted to the `used` texts of which n-grams alone say little; `margins` are those of texts not seen."""
    open_ = np.flatnonzero(used & (np.abs(margins) < OPEN))
    return boost(shapes([folded[at] for at in open_.tolist()]), margins[open_], adverts[open_], counts[open_])


def _with_topics(adverts: dict[str, Any], titles: Sequence[Example], small: Sequence[Example]) -> Models:
    everybody = [*titles, *small]
    names = np.array([one.topic or NO_TOPIC for one in everybody])
    found = grams([fold(one.text) for one in everybody])
    held_out = np.array([_every_fourth(one.text) for one in everybody])
    trial = _topics(found, names, ~held_out)
    margins = _blank(adverts, trial).topic_margins(found)[held_out]
    topic_bar = _topic_bar(margins.max(axis=1), np.array(trial["topics"])[margins.argmax(axis=1)], names[held_out])
    final = _blank(adverts, _topics(found, names, np.ones(len(names), bool)))
    return replace(final, topic_bar=round(topic_bar, 4))


def _topic_bar(margins: NDArray[np.float64], said: NDArray[np.str_], names: NDArray[np.str_]) -> float:
    """The margin from which small talk is left in peace and headlines are told right often enough."""
    quiet = names == NO_TOPIC
    small_talk = float(np.quantile(margins[quiet], 1 - SMALL_TALK))
    order = np.argsort(-margins[~quiet], kind="stable")
    right = np.cumsum((said == names)[~quiet][order]) / np.arange(1, len(order) + 1)
    told = margins[~quiet][order][right >= RIGHT]
    return max(small_talk, float(told[-1]) if len(told) else small_talk)


def _every_fourth(text: str) -> bool:
    return sum(text.encode("utf-8", "replace")) % 4 == 0


def _blank(adverts: dict[str, Any], topics: dict[str, Any]) -> Models:
    return Models(**adverts, **topics, topic_bar=0.0)


def _topics(found: Grams, names: NDArray[np.str_], used: NDArray[np.bool_]) -> dict[str, Any]:
    """The topic arrays of `Models`, from the texts that are `used`."""
    inside = used[found.letter_texts]
    places, met = np.unique(found.letter_places[inside], return_counts=True)
    kept, rarity = places[met >= LEAST_TEXTS], np.log((used.sum() + 1) / (met[met >= LEAST_TEXTS] + 1))
    rarity = rarity.astype(np.float16)
    rows = np.minimum(np.searchsorted(kept, found.letter_places), len(kept) - 1)
    known = kept[rows] == found.letter_places
    shape = (found.count, len(kept))
    matrix = _matrix(found.letter_texts[known], rows[known], rarity[rows[known]].astype(np.float64), shape)
    fitted = _machine(matrix[used], names[used], None)
    columns = [place for place, name in enumerate(fitted.classes_) if name != NO_TOPIC]
    weights = fitted.coef_[columns]
    scales = np.abs(weights).max(axis=1) / 127
    return {
        "topics": tuple(str(fitted.classes_[place]) for place in columns),
        "topic_places": kept,
        "topic_rarity": rarity,
        "topic_weights": np.ascontiguousarray(np.rint(weights / scales[:, None]).astype(np.int8).T),
        "topic_scales": tuple(scales.tolist()),
        "topic_offsets": tuple(fitted.intercept_[columns].tolist()),
    }


def _matrix(
    texts: NDArray[np.int64], columns: NDArray[np.int64], values: NDArray[np.float64] | None, shape: tuple[int, int]
) -> Any:
    """Rows of length 1: coarse places that meet in one text add up first, as they do when a text is judged."""
    try:
        from scipy.sparse import csr_matrix, diags
    except ImportError:
        raise BadInput("训练需要开发依赖 scikit-learn") from None
    given = np.ones(len(texts)) if values is None else values
    lengths = np.sqrt(np.bincount(texts, given * given, shape[0]))
    return diags(1 / np.maximum(lengths, 1e-9)) @ csr_matrix((given, (texts, columns)), shape=shape)


def _machine(matrix: Any, labels: NDArray[Any], weights: NDArray[np.float64] | None) -> Any:
    from sklearn.svm import LinearSVC

    return LinearSVC(C=1.0, tol=1e-3, random_state=0).fit(matrix, labels, sample_weight=weights)
