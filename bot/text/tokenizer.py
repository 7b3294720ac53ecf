"""The default word segmenter: jieba, with a dictionary of its own."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import exp, inf, log
from pathlib import Path

import jieba

from bot.text.dictionary import base_words, words_digest
from bot.text.extent import MOST_CHARACTERS
from bot.text.lexicons import UserWord
from bot.text.segmenter import Segmenter
from bot.text.sign_words import SignWords


class JiebaTokenizer:
    """`bot.ports.Tokenizer` over jieba's dictionary and the deployment's words; two of them share no words.

    Only the first `MOST_CHARACTERS` characters of a text are segmented, so that a message of 1 MB costs milliseconds.
    `cache_dir` keeps the parsed dictionary; without one nothing is written and start-up takes 0.3 s longer.
    A word's automatic frequency is reckoned from the base dictionary alone: the order of adding does not matter.
    """

    engine = f"jieba {jieba.__version__}"

    def __init__(self, user_words: Iterable[UserWord] = (), cache_dir: Path | None = None) -> None:
        words, total, self._base_digest = base_words(cache_dir)
        self._segmenter = Segmenter(words, total)
        self._log_total = log(total)
        self._base: dict[str, int | None] = {}
        self._user: dict[str, int] = {}
        self._removed: set[str] = set()
        self._digest: str | None = None
        self._signs = SignWords()
        self._configured = {entry.word: entry.freq or self._suggested(entry.word) for entry in user_words}
        for word, freq in self._configured.items():
            self._put(word, freq)
        self._changed()

    @property
    def digest(self) -> str:
        """Hash of the base dictionary and of every word added or removed; equal digests segment alike."""
        if self._digest is None:
            self._digest = words_digest(self._base_digest, self._user, self._removed)
        return self._digest

    def words(self, text: str) -> list[str]:
        """The words of a text's first `MOST_CHARACTERS` characters; blanks and signs are words too."""
        return self._signs.cut(text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS], self._segmenter.lcut)

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """`words` of each text."""
        return list(map(self.words, texts))

    def knows(self, word: str) -> bool:
        """Whether it is a word of the dictionary now."""
        return bool(self._segmenter.FREQ.get(word))

    def teach(self, changes: Mapping[str, bool | None]) -> None:
        """Keep a word whole (True), split it (False), or treat it as configured (None), from now on."""
        for word, whole in changes.items():
            self._revert(word)
            if whole:
                self._put(word, self._suggested(word))
            elif whole is False:
                self._split(word)
        self._changed()

    def user_words(self) -> list[str]:
        """The words added to the base dictionary, sorted."""
        return sorted(self._user)

    def _put(self, word: str, freq: int) -> None:
        words = self._segmenter.FREQ
        self._base.setdefault(word, words.get(word))
        self._user[word] = words[word] = freq
        for length in range(1, len(word)):
            words.setdefault(word[:length], 0)

    def _revert(self, word: str) -> None:
        """Back to the base frequency or the configured one; its beginnings stay, they make no difference."""
        self._user.pop(word, None)
        self._removed.discard(word)
        self._segmenter.forced_splits.discard(word)
        if word in self._base:
            self._segmenter.FREQ[word] = self._base.pop(word) or 0
        if word in self._configured:
            self._put(word, self._configured[word])

    def _split(self, word: str) -> None:
        self._user.pop(word, None)
        self._removed.add(word)
        self._segmenter.forced_splits.add(word)
        self._base.setdefault(word, self._segmenter.FREQ.get(word))
        self._segmenter.FREQ[word] = 0

    def _suggested(self, word: str) -> int:
        """The least frequency that keeps `word` whole against its parts in the base dictionary (as suggest_freq)."""
        best = [0.0] + [-inf] * len(word)
        for start in range(len(word)):
            for end in range(start + 1, len(word) + 1):
                count = self._base_count(word[start:end])
                if count or end == start + 1:
                    best[end] = max(best[end], best[start] + log(count or 1) - self._log_total)
                if count is None:
                    break
        return max(int(exp(best[-1] + self._log_total)) + 1, self._base_count(word) or 1)

    def _base_count(self, part: str) -> int | None:
        """Frequency without the user's words: 0 for the beginning of a word, None for neither."""
        return self._base[part] if part in self._base else self._segmenter.FREQ.get(part)

    def _changed(self) -> None:
        self._digest = None
        self._signs = SignWords(self._user)
        self._segmenter.refresh()
