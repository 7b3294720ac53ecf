"""The grades of words, kept by their hashes, so that the words of many texts are counted at once.

A table of fixed size: a word that is met takes its place from whichever had it. Words are known by Python's 64-bit
hash, which nobody outside the process can foresee.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from threading import Lock

import numpy as np
from numpy.typing import NDArray

from bot.core.quality import Grader, Tally, WordGrade, tally
from bot.text.page import FEW

PLACES = 1 << 16
"""Words that are remembered, at most; talk of a whole day has some ten thousand."""
_ODD = np.int64(0x9E3779B97F4A7C15 - (1 << 64))
FEW_REMEMBERED = 4096
"""The same, where texts are looked at one by one."""
_CONTENT, _ASKS, _ANSWERS = 1, 2, 4
_NOTHING = WordGrade(0.0, False, False)

Hashes = NDArray[np.int64]
Grades = tuple[NDArray[np.float64], NDArray[np.uint8]]
"""Weights, and marks: whether a word carries content, asks, answers."""


class Glossary:
    """Grades words when they are met and not remembered."""

    def __init__(self, grade: Grader) -> None:
        self._grade = grade
        self._remembered: Grader = lru_cache(maxsize=FEW_REMEMBERED)(grade)
        self._lock = Lock()
        self._hashes = np.zeros(PLACES, np.int64)
        self._weights = np.zeros(PLACES)
        self._marks = np.zeros(PLACES, np.uint8)

    def tally(self, texts: Sequence[Sequence[str]]) -> list[Tally]:
        """What the different words of each text come to."""
        if len(texts) < FEW:
            return [tally(text, self._remembered) for text in texts]
        sizes = list(map(len, texts))
        words = list(chain.from_iterable(texts))
        hashes = _hashes(words)
        weights, marks = self._graded(hashes, words)
        graded = np.flatnonzero(marks)
        owners = np.repeat(np.arange(len(texts)), sizes).take(graded)
        kept = _first(owners, hashes.take(graded))
        owners, graded = owners.take(kept), graded.take(kept)
        marks = marks.take(graded)
        counts = [
            np.bincount(owners[marks & mark != 0], minlength=len(texts)).tolist()
            for mark in (_CONTENT, _ASKS, _ANSWERS)
        ]
        return list(map(Tally, np.bincount(owners, weights.take(graded), len(texts)).tolist(), *counts))

    def _graded(self, hashes: Hashes, words: Sequence[str]) -> Grades:
        """The grades of words, whose hashes are given."""
        places = hashes & (PLACES - 1)
        with self._lock:
            weights, marks = self._weights.take(places), self._marks.take(places)
            new = np.flatnonzero(self._hashes.take(places) != hashes)
            if len(new):
                met, first, which = np.unique(hashes.take(new), return_index=True, return_inverse=True)
                own_weights, own_marks = self._met([words[at] for at in new.take(first).tolist()])
                weights[new], marks[new] = own_weights[which], own_marks[which]
                taken, last = np.unique(met & (PLACES - 1), return_index=True)
                self._hashes[taken], self._weights[taken], self._marks[taken] = (
                    met[last],
                    own_weights[last],
                    own_marks[last],
                )
        return weights, marks

    def _met(self, words: Sequence[str]) -> Grades:
        graded = [self._grade(word) or _NOTHING for word in words]
        marks = [_CONTENT * (weight > 0) | _ASKS * asks | _ANSWERS * answers for weight, asks, answers in graded]
        return np.array([weight for weight, _, _ in graded]), np.array(marks, np.uint8)


def _hashes(words: Sequence[str]) -> Hashes:
    """By length too: Python's own are those of the bytes in memory, and 水 has the same there as 4l."""
    lengths = np.fromiter(map(len, words), np.int64, len(words))
    hashes = np.fromiter(map(hash, words), np.int64, len(words))
    return hashes ^ lengths * _ODD


def _first(owners: NDArray[np.int64], hashes: Hashes) -> NDArray[np.int64]:
    """Which words are met for the first time in their text, in their order; few are met again."""
    keys = hashes ^ owners * _ODD
    ordered = np.sort(keys)
    again = ordered[1:][ordered[1:] == ordered[:-1]]
    kept = np.ones(len(keys), np.bool_)
    if len(again):
        often = np.flatnonzero(np.isin(keys, again))
        kept[often] = False
        kept[often[np.unique(keys[often], return_index=True)[1]]] = True
    return np.flatnonzero(kept)
