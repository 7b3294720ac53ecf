"""The fast word segmenter: jieba-rs through the optional package rjieba (extra `fast`)."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import version
from typing import Any

from bot.text.lexicons import UserWord
from bot.text.tokenizer import MOST_CHARACTERS, words_digest


class EngineMissing(Exception):
    """The chosen engine is not installed; the message is Chinese and says what to do."""


class RJiebaTokenizer:
    """`bot.ports.Tokenizer` over jieba-rs, with a dictionary of its own.

    It knows jieba's dictionary and model and differs from jieba where jieba-rs does (mixed letters and digits, signs).
    Only the first `MOST_CHARACTERS` characters of a text are segmented. Taking a word back builds the dictionary anew
    (0.2 s); a word of the base dictionary cannot be taken out.
    """

    def __init__(self, user_words: Iterable[UserWord] = ()) -> None:
        try:
            self._library: Any = import_module("rjieba")
        except ImportError:
            raise EngineMissing("没有安装 rjieba：请安装可选依赖 fast，或设 BOT_TOKENIZER=jieba") from None
        self.engine = f"rjieba {version('rjieba')}"
        self._user = {entry.word: entry.freq for entry in user_words}
        self._rebuild()

    @property
    def digest(self) -> str:
        """Hash of the engine's version and of the added words."""
        return words_digest(self.engine, {word: freq or 0 for word, freq in self._user.items()}, ())

    def words(self, text: str) -> list[str]:
        """The words of a text's first `MOST_CHARACTERS` characters."""
        short = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS]
        try:
            return list(self._jieba.cut(short))
        except UnicodeEncodeError:
            return list(self._jieba.cut(short.encode("utf-8", "replace").decode("utf-8")))

    def add(self, word: str) -> None:
        """Make `word` one word from now on. Raises ValueError for a blank."""
        if not word.strip():
            raise ValueError("词不能为空")
        self._user[word] = None
        self._jieba.add_word(word, None, None)

    def remove(self, word: str) -> None:
        """Take back an added word. Raises ValueError for a word of the base dictionary."""
        if word not in self._user:
            raise ValueError(f"rjieba 不能移除内置词：{word}")
        del self._user[word]
        self._rebuild()

    def user_words(self) -> list[str]:
        """The words added to the base dictionary, sorted."""
        return sorted(self._user)

    def _rebuild(self) -> None:
        self._jieba = self._library.Jieba()
        for word, freq in self._user.items():
            self._jieba.add_word(word, freq, None)
