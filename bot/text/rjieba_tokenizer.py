"""The fast word segmenter: jieba-rs through the optional package rjieba (extra `fast`)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from importlib.machinery import PathFinder
from importlib.metadata import version
from importlib.util import find_spec, module_from_spec
from typing import Any

from bot.text.dictionary import words_digest
from bot.text.extent import MOST_CHARACTERS
from bot.text.lexicons import UserWord
from bot.text.page import EDGE
from bot.text.sign_words import SignWords


class EngineMissing(Exception):
    """The chosen engine is not installed; the message is Chinese and says what to do."""


def _library() -> Any:
    """The package's extension alone: around it the package makes an instance of its own, 9 MB that nobody here uses."""
    package = find_spec("rjieba")
    spec = package and PathFinder.find_spec("rjieba", package.submodule_search_locations)
    if spec is None or spec.loader is None:
        raise EngineMissing("没有安装 rjieba：请安装可选依赖 fast，或设 BOT_TOKENIZER=jieba")
    library = module_from_spec(spec)
    spec.loader.exec_module(library)
    return library


class RJiebaTokenizer:
    """`bot.ports.Tokenizer` over jieba-rs, with a dictionary of its own.

    It knows jieba's dictionary and model, and differs from jieba inside runs of Latin letters and digits alone: what
    jieba cuts at - . _ (RTX-4090, v2.3.1, abc_12345) stays whole.
    Only the first `MOST_CHARACTERS` characters of a text are segmented. Teaching builds the dictionary anew (0.2 s), so
    that what it knows never depends on what it was taught before.
    """

    def __init__(self, user_words: Iterable[UserWord] = ()) -> None:
        self._library = _library()
        self.engine = f"rjieba {version('rjieba')}"
        self._configured = {entry.word: entry.freq for entry in user_words}
        self._taught: dict[str, bool] = {}
        self._digest: str | None = None
        self._rebuild()

    @property
    def digest(self) -> str:
        """Hash of the engine's version and of every word added or split; equal digests segment alike."""
        if self._digest is None:
            split = [word for word, whole in self._taught.items() if not whole]
            self._digest = words_digest(self.engine, {word: freq or 0 for word, freq in self._own().items()}, split)
        return self._digest

    def words(self, text: str) -> list[str]:
        """The words of a text's first `MOST_CHARACTERS` characters."""
        short = text if len(text) <= MOST_CHARACTERS else text[:MOST_CHARACTERS]
        return self._signs.cut(short, self._cut)

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """`words` of each text: no word goes over an EDGE, so they are cut as one text in two thirds of the time."""
        joined = EDGE.join(texts)
        if self._signs or len(texts) != joined.count(EDGE) + 1 or max(map(len, texts), default=0) > MOST_CHARACTERS:
            return list(map(self.words, texts))
        words, found, start = self._cut(joined), list[list[str]](), 0
        for _ in texts[1:]:
            end = words.index(EDGE, start)
            found.append(words[start:end])
            start = end + 1
        return [*found, words[start:]]

    def knows(self, word: str) -> bool:
        """Whether it is a word of the dictionary now."""
        return self._taught.get(word) is not False and (word in self._own() or self._jieba.has_word(word))

    def teach(self, changes: Mapping[str, bool | None]) -> None:
        """Keep a word whole (True), split it (False), or treat it as configured (None), from now on."""
        reverted = [word for word, whole in changes.items() if whole is None and word in self._taught]
        for word in reverted:
            del self._taught[word]
        self._taught |= {word: whole for word, whole in changes.items() if whole is not None}
        self._rebuild()

    def user_words(self) -> list[str]:
        """The words added to the base dictionary, sorted."""
        return sorted(self._own())

    def _own(self) -> dict[str, int | None]:
        taught = {word: None for word, whole in self._taught.items() if whole}
        return {word: freq for word, freq in {**self._configured, **taught}.items() if self._taught.get(word, True)}

    def _cut(self, text: str) -> list[str]:
        try:
            return list(self._jieba.cut(text))
        except UnicodeEncodeError:
            return list(self._jieba.cut(text.encode("utf-8", "replace").decode("utf-8")))

    def _rebuild(self) -> None:
        own = self._own()
        self._digest = None
        self._signs = SignWords(own)
        self._jieba = self._library.Jieba()
        for word, freq in own.items():
            self._jieba.add_word(word, freq, None)
        for word, whole in self._taught.items():
            if not whole:
                self._jieba.add_word(word, 0, None)
