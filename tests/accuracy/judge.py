"""Reads texts as the running bot does: word lists, then the given models."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.parts import MessageParts
from bot.text.dictionary import KeywordValues
from bot.text.learning import Labelled
from bot.text.lexicons import load_lexicons
from bot.text.models import Models
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from config.settings import PACKAGED_CONFIG

AT_ONCE = 1000


class Judge:
    """A reader over the packaged word lists."""

    def __init__(self, models: Models, frozen: Sequence[Labelled] = ()) -> None:
        lexicons = load_lexicons(PACKAGED_CONFIG / "lexicon")
        tokenizer = JiebaTokenizer(lexicons.user_words)
        self.reader = TextReader(tokenizer, lexicons, keyword=KeywordValues(None), models=models, frozen=frozen)

    def parts(self, texts: Sequence[str]) -> list[MessageParts]:
        found = []
        for start in range(0, len(texts), AT_ONCE):
            page = texts[start : start + AT_ONCE]
            self.reader.foresee(page)
            found += [self.reader.read(text) for text in page]
        return found

    def topics(self, texts: Sequence[str]) -> list[str | None]:
        found: list[str | None] = []
        for start in range(0, len(texts), AT_ONCE):
            found += [told.topic for told in self.reader.topics(texts[start : start + AT_ONCE])]
        return found

    def adverts(self, texts: Sequence[str]) -> list[bool]:
        return [parts.ad for parts in self.parts(texts)]
