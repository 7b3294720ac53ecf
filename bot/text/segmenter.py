"""jieba's accurate mode, the same words at a fraction of the time.

`Segmenter` is a `jieba.Tokenizer` of its own: its dictionary, its regular expressions and its hidden Markov model are
jieba's. Three things make it faster, none changes a word: the word graph and the best route are one loop over
logarithms that are reckoned once; the Viterbi step is written out for jieba's four states; and the words of short runs,
which chat repeats, are remembered. Tests hold it to `jieba.lcut`. Unlike jieba's, its forced splits are its own, so two
segmenters share nothing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import chain
from math import log

import jieba
from jieba import finalseg

logging.getLogger("jieba").setLevel(logging.WARNING)

SHORT_RUN = 8
"""Longest run, in characters, whose words are remembered."""
FEW_SINGLES = 4
"""As many single characters in a row have their hidden words remembered."""
REMEMBERED_RUNS = 16384

_Emission = tuple[float, float, float, float]
_NEVER: float = finalseg.MIN_FLOAT
_UNSEEN: _Emission = (_NEVER, _NEVER, _NEVER, _NEVER)
_START = finalseg.start_P
_STEP = finalseg.trans_P
_EB, _SB, _MM, _BM = _STEP["E"]["B"], _STEP["S"]["B"], _STEP["M"]["M"], _STEP["B"]["M"]
_ES, _SS, _BE, _ME = _STEP["E"]["S"], _STEP["S"]["S"], _STEP["B"]["E"], _STEP["M"]["E"]
_BEFORE = {
    ("B", False): "E",
    ("B", True): "S",
    ("M", False): "B",
    ("M", True): "M",
    ("E", False): "B",
    ("E", True): "M",
    ("S", False): "E",
    ("S", True): "S",
}
"""The state before one, by whether the later of the two possible ones was better."""
_HAN = re.compile(r"[\u4E00-\u9FD5]+")
"""Characters that jieba's finalseg.re_han asks its model about."""


def _emissions() -> dict[str, _Emission]:
    begin, middle, end, single = (finalseg.emit_P[state] for state in "BMES")
    every = dict.fromkeys([*begin, *middle, *end, *single])
    get = _NEVER
    return {c: (begin.get(c, get), middle.get(c, get), end.get(c, get), single.get(c, get)) for c in every}


_EMIT = _emissions()


class _Worth(dict[int, float]):
    """Logarithm of the probability of a word, by its count; worked out when the count is first met."""

    def __init__(self, total: int) -> None:
        self._log_total = log(total)

    def __missing__(self, count: int) -> float:
        worth = self[count] = log(count) - self._log_total
        return worth


class _Alone(dict[str, float | None]):
    """The same of single characters, None for one that is no word; a few thousand, so they are found sooner."""

    def __init__(self, counts: dict[str, int], worth: _Worth) -> None:
        self._counts, self._worth = counts, worth

    def __missing__(self, char: str) -> float | None:
        count = self._counts.get(char)
        worth = self[char] = self._worth[count] if count else None
        return worth


class Segmenter(jieba.Tokenizer):  # type: ignore[misc]  # jieba has no types
    """A jieba tokenizer over a given dictionary. Whoever changes `FREQ` or `total` calls `refresh` after it."""

    def __init__(self, words: dict[str, int], total: int) -> None:
        super().__init__()
        self.FREQ = words
        self.total = total
        self.initialized = True
        self.forced_splits: set[str] = set()
        self.refresh()

    def refresh(self) -> None:
        """Forget what followed from the dictionary, because it changed."""
        self._worth = _Worth(self.total)
        self._alone = _Alone(self.FREQ, self._worth)
        self._short: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=REMEMBERED_RUNS)(self._run)
        self._few: Callable[[str], tuple[str, ...]] = lru_cache(maxsize=REMEMBERED_RUNS)(self._joined)

    def lcut(self, sentence: str) -> list[str]:
        """The words of a text; their concatenation is the text."""
        words: list[str] = []
        short = self._short
        for place, run in enumerate(jieba.re_han_default.split(sentence)):
            if not run:
                continue
            if len(run) <= SHORT_RUN:
                words += short(run)
            else:
                words += self._words(run) if place % 2 else _between(run)
        return words

    def _run(self, run: str) -> tuple[str, ...]:
        return tuple(self._words(run) if jieba.re_han_default.match(run) else _between(run))

    def _words(self, run: str) -> list[str]:
        """Words along the best route; single characters between dictionary words go to the hidden Markov model."""
        stops = self._stops(run)
        words: list[str] = []
        start = singles = 0
        end = len(run)
        while start < end:
            stop = stops[start]
            if stop > start + 1:
                if start > singles:
                    self._add_singles(words, run[singles:start])
                words.append(run[start:stop])
                singles = stop
            start = stop
        if end > singles:
            self._add_singles(words, run[singles:])
        return words

    def _add_singles(self, words: list[str], singles: str) -> None:
        if len(singles) == 1:
            words.append(singles)
        else:
            words += self._few(singles) if len(singles) <= FEW_SINGLES else self._joined(singles)

    def _stops(self, run: str) -> list[int]:
        """Where the word from each place ends on the most probable route (jieba's get_DAG and calc), from the back."""
        freq, worth, alone, end = self.FREQ.get, self._worth, self._alone, len(run)
        best = [0.0] * (end + 1)
        stops = list(range(1, end + 1))
        after = 0.0
        for start in range(end - 1, -1, -1):
            own = alone[run[start]]
            score, stop = (_NEVER, 0) if own is None else (own + after, start + 1)
            place = start + 2
            while place <= end and (count := freq(run[start:place])) is not None:
                if count and (along := worth[count] + best[place]) >= score:
                    score, stop = along, place
                place += 1
            if stop:
                stops[start] = stop
            else:
                score = worth[1] + after
            best[start] = after = score
        return stops

    def _joined(self, singles: str) -> tuple[str, ...]:
        if self.FREQ.get(singles):
            return tuple(singles)
        if _HAN.fullmatch(singles):
            return tuple(self._hidden(singles))
        return tuple(self._unknown(singles))

    def _unknown(self, singles: str) -> Iterator[str]:
        for place, part in enumerate(finalseg.re_han.split(singles)):
            yield from self._hidden(part) if place % 2 else filter(None, finalseg.re_skip.split(part))

    def _hidden(self, run: str) -> Iterable[str]:
        words = hidden_words(run)
        if self.forced_splits.isdisjoint(words):
            return words
        return chain.from_iterable(word if word in self.forced_splits else (word,) for word in words)


def _between(run: str) -> Iterator[str]:
    """Blanks as they stand, any other sign by itself."""
    for part in jieba.re_skip_default.split(run):
        if jieba.re_skip_default.match(part):
            yield part
        else:
            yield from part


def hidden_words(run: str) -> list[str]:
    """Words of unknown Han by jieba's hidden Markov model (states begin, middle, end, single; Viterbi)."""
    if len(run) < 3:
        return [run] if len(run) == 1 or _is_one(*run) else [*run]
    words: list[str] = []
    begin = 0
    for place, state in enumerate(_viterbi(run)):
        if state == "B":
            begin = place
        elif state == "E":
            words.append(run[begin : place + 1])
            begin = place + 1
        elif state == "S":
            words.append(run[place])
            begin = place + 1
    if begin < len(run):
        words.append(run[begin:])
    return words


def _is_one(first: str, second: str) -> bool:
    """Whether two characters are one word: `_viterbi` of two, whose last state alone decides."""
    eb, em, ee, es = _EMIT.get(first, _UNSEEN)
    _, _, ee1, es1 = _EMIT.get(second, _UNSEEN)
    one: float = max(_START["B"] + eb + _BE + ee1, _START["M"] + em + _ME + ee1)
    two: float = max(_START["E"] + ee + _ES + es1, _START["S"] + es + _SS + es1)
    return one > two


def _viterbi(run: str) -> list[str]:
    """The best states. Ties go to the later letter, as in jieba, which takes the maximum of (value, letter)."""
    emissions = iter([_EMIT.get(char, _UNSEEN) for char in run])
    eb, em, ee, es = next(emissions)
    b, m, e, s = _START["B"] + eb, _START["M"] + em, _START["E"] + ee, _START["S"] + es
    back: list[tuple[bool, bool, bool, bool]] = []
    for eb, em, ee, es in emissions:
        b1, b2 = e + _EB + eb, s + _SB + eb
        m1, m2 = b + _BM + em, m + _MM + em
        e1, e2 = b + _BE + ee, m + _ME + ee
        s1, s2 = e + _ES + es, s + _SS + es
        later = bl, ml, el, sl = b2 >= b1, m2 >= m1, e2 >= e1, s2 >= s1
        back.append(later)
        b, m, e, s = b2 if bl else b1, m2 if ml else m1, e2 if el else e1, s2 if sl else s1
    state = "S" if s >= e else "E"
    states = [state]
    for later in reversed(back):
        state = _BEFORE[state, later["BMES".index(state)]]
        states.append(state)
    states.reverse()
    return states
