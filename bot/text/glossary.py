"""The grades of words, by number, so that the words of many texts are counted at once; talk repeats its words."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import chain
from threading import Lock

import numpy as np

from bot.core.quality import Grader, Tally

REMEMBERED = 32_768
"""Words whose grades are kept; with more it begins anew."""
_FIRST_ROOM = 1024


class Glossary:
    """Grades words when they are first met."""

    def __init__(self, grade: Grader) -> None:
        self._grade = grade
        self._lock = Lock()
        self._numbers = _Numbers(self._add)
        self._weights = np.zeros(_FIRST_ROOM)
        self._marks = np.zeros((3, _FIRST_ROOM), np.bool_)
        """Whether a word carries content, asks, answers."""

    def tally(self, texts: Sequence[Iterable[str]]) -> list[Tally]:
        """What the different words of each text come to."""
        words = [dict.fromkeys(text) for text in texts]
        sizes = list(map(len, words))
        with self._lock:
            if len(self._numbers) > REMEMBERED:
                self._numbers.clear()
            numbers = np.fromiter(map(self._numbers.__getitem__, chain.from_iterable(words)), np.int64, sum(sizes))
            weights, marks = self._weights[numbers], self._marks[:, numbers]
        owners = np.repeat(np.arange(len(texts)), sizes)
        counts = [np.bincount(owners[mark], minlength=len(texts)).tolist() for mark in marks]
        return list(map(Tally, np.bincount(owners, weights, len(texts)).tolist(), *counts))

    def _add(self, word: str) -> int:
        number = len(self._numbers)
        if number == len(self._weights):
            self._weights = np.concatenate((self._weights, self._weights))
            self._marks = np.concatenate((self._marks, self._marks), axis=1)
        weight, asks, answers = self._grade(word) or _NOTHING
        self._weights[number], self._marks[:, number] = weight, (weight > 0, asks, answers)
        return number


class _Numbers(dict[str, int]):
    """Number by word, asked for when a word is first met."""

    def __init__(self, add: Callable[[str], int]) -> None:
        self._add = add

    def __missing__(self, word: str) -> int:
        number = self[word] = self._add(word)
        return number


_NOTHING = (0.0, False, False)
