"""Undoing what is written to be read otherwise: sound-alikes, look-alikes, split characters, signs that say words.

Entries of `config/lexicon/disguises.txt` are literals. One with a sign in it (薇❤) is looked for in the lower-cased
text; any other among the letters alone, so that 佳。V reads 加v too. Of those that overlap the first wins, then the
longest.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import numpy as np
from ahocorasick_rs import AhoCorasick, MatchKind

from bot.core.sketch import letters_of
from bot.text.normalise import fold
from bot.text.origins import Traced, letters, lower, replaced
from bot.text.page import CODES, Page

Change = tuple[int, int, str]


class Disguises:
    """A deployment's disguises and what they are read as. Most texts hold no character that tells of one."""

    def __init__(self, words: Mapping[str, str]) -> None:
        spelled = {fold(word).lower(): plain for word, plain in words.items()}
        telling = "".join(
            {next((char for char in word if char not in plain), word[0]) for word, plain in spelled.items()}
        )
        self._telling = re.compile(f"[{re.escape(telling)}]" if telling else "(?!)")
        self._tells = np.zeros(CODES, np.bool_)
        self._tells[[min(ord(char), CODES - 1) for char in telling]] = True
        self._signs = _Finder({word: plain for word, plain in spelled.items() if word != letters_of(word)})
        self._letters = _Finder({word: plain for word, plain in spelled.items() if word == letters_of(word)})

    def hiding(self, page: Page) -> set[int]:
        """Which texts of a page are read otherwise than they are written."""
        telling = set(page.owners(np.flatnonzero(self._tells.take(page.codes, mode="clip"))))
        return {at for at in telling if self.undo(page.lows[at], page.letters[at]) != page.letters[at]}

    def undo(self, low: str, plain: str) -> str:
        """The letters of a text as they are read; `low` is the folded text in lower case, `plain` its letters."""
        if self._telling.search(low) is None:
            return plain
        signs = self._signs.changes(low)
        if signs:
            plain = letters_of(_changed(low, signs))
        changes = self._letters.changes(plain)
        return _changed(plain, changes) if changes else plain

    def trace(self, folded: Traced) -> Traced:
        """As `undo`, with the places in the original."""
        low = lower(folded)
        plain = letters(replaced(low, self._signs.changes(low.text)))
        return replaced(plain, self._letters.changes(plain.text))


class _Finder:
    def __init__(self, words: Mapping[str, str]) -> None:
        self._plain = list(words.values())
        self._finder = AhoCorasick(list(words), matchkind=MatchKind.LeftmostLongest) if words else None

    def changes(self, text: str) -> list[Change]:
        """Start, end and new text of each disguise, in order."""
        if self._finder is None or text.isascii():
            return []
        found = self._finder.find_matches_as_indexes(text)
        return [(start, end, self._plain[number]) for number, start, end in found]


def _changed(text: str, changes: list[Change]) -> str:
    parts: list[str] = []
    done = 0
    for start, end, new in changes:
        parts += [text[done:start], new]
        done = end
    return "".join([*parts, text[done:]])
