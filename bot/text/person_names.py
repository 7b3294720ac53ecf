"""Which words are people's names, by jieba's part-of-speech tags (nr and its kinds)."""

from __future__ import annotations

from pathlib import Path

from jieba import posseg

from bot.text.dictionary import base_words
from bot.text.segmenter import Segmenter

NAME = "nr"


class PersonNames:
    """Tells names from other words; made when first needed, since loading the tags takes a second."""

    def __init__(self, cache_dir: Path | None = None) -> None:
        words, total, _ = base_words(cache_dir)
        self._tagger = posseg.POSTokenizer(Segmenter(words, total))

    def __call__(self, word: str) -> bool:
        """Whether the word is, or holds, a person's name."""
        return any(str(part.flag).startswith(NAME) for part in self._tagger.lcut(word))
