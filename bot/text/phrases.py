"""Which phrases of a list occur in a text, all at once (Aho-Corasick), whatever the number of phrases."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from ahocorasick_rs import AhoCorasick, Implementation

from bot.core.sketch import letters_of
from bot.text.disguises import Disguises
from bot.text.normalise import fold
from bot.text.page import Page

_NOTHING: frozenset[str] = frozenset()


class PhraseFinder:
    """Finds literal phrases.

    A phrase with a Han character and no sign is looked for among the letters of the text, so that blanks and signs put
    between its characters do not hide it. Any other phrase is looked for in the lower-cased text; where it begins or
    ends with a letter or digit, no ASCII letter or digit may stand beside it. Those in `prefixes` may go on to the
    right (wx123456). `disguises` were undone in the letters, so they are in the phrases too.
    """

    def __init__(self, phrases: Iterable[str], prefixes: Collection[str], disguises: Disguises) -> None:
        tight: dict[str, str] = {}
        plain: dict[str, str] = {}
        for phrase in phrases:
            low = fold(phrase).lower().strip()
            if low == letters_of(low) and not low.isascii():
                tight[disguises.undo(low, low)] = phrase
            elif low:
                plain[low] = phrase
        self._prefixes = frozenset(prefixes)
        self._tight_names, self._plain_names = list(tight.values()), list(plain.values())
        self._find_tight = _automaton(tight)
        self._find_plain = _automaton(plain)

    def find(self, low: str, letters: str) -> frozenset[str]:
        """Phrases in a text, given lower-cased and folded, and as its letters without disguises."""
        found = _NOTHING
        if self._find_tight is not None and not letters.isascii():
            hits = self._find_tight.find_matches_as_indexes(letters, overlapping=True)
            if hits:
                found = frozenset(self._tight_names[hit[0]] for hit in hits)
        if self._find_plain is not None:
            hits = self._find_plain.find_matches_as_indexes(low, overlapping=True)
            if hits:
                found |= {self._plain_names[hit[0]] for hit in hits if self._stands_alone(low, *hit)}
        return found

    def holding(self, page: Page) -> set[int]:
        """Which texts of a page may hold a phrase, disguises aside; `find` tells which, and whether it stands alone."""
        found: set[int] = set()
        if self._find_tight is not None:
            hits = self._find_tight.find_matches_as_indexes(page.joined_letters, overlapping=True)
            found.update(page.letter_owners([start for _, start, _ in hits]))
        if self._find_plain is not None:
            hits = self._find_plain.find_matches_as_indexes(page.low, overlapping=True)
            found.update(page.owners([start for _, start, _ in hits]))
        return found

    def _stands_alone(self, low: str, number: int, start: int, end: int) -> bool:
        if start and _joins(low[start - 1], low[start]):
            return False
        return end == len(low) or self._plain_names[number] in self._prefixes or not _joins(low[end - 1], low[end])


def _automaton(phrases: dict[str, str]) -> AhoCorasick | None:
    """None for an empty list, which matches nothing. The quick-to-build form: 200,000 phrases load in half a second."""
    kind = Implementation.ContiguousNFA if len(phrases) > 20_000 else None
    return AhoCorasick(list(phrases), implementation=kind) if phrases else None


def _joins(left: str, right: str) -> bool:
    return left.isascii() and right.isascii() and left.isalnum() and right.isalnum()
