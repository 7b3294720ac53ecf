"""Words with signs in them, such as C♯ or (加群): the engines would cut them, so they are found first, as literals."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from ahocorasick_rs import AhoCorasick, MatchKind

_RUN = re.compile(r"[\u4E00-\u9FD5a-zA-Z0-9+#&._%\-]+")
"""jieba's run of letters (re_han_default), without loading jieba."""


class SignWords:
    """Cuts whole the words that an engine's runs of letters cannot hold; no sign in them means anything."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        own = [word for word in words if not _RUN.fullmatch(word)]
        self._finder = AhoCorasick(own, matchkind=MatchKind.LeftmostLongest) if own else None

    def __bool__(self) -> bool:
        return self._finder is not None

    def cut(self, text: str, rest: Callable[[str], list[str]]) -> list[str]:
        """The words of a text; `rest` cuts what stands between."""
        if self._finder is None:
            return rest(text)
        words: list[str] = []
        done = 0
        for _, start, end in self._finder.find_matches_as_indexes(_plain(text)):
            words += [*rest(text[done:start]), text[start:end]]
            done = end
        return words + rest(text[done:])


def _plain(text: str) -> str:
    """Without lone surrogates, which no finder takes; every character keeps its place."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode()
