"""One segmenter and one reader over the shipped lists, made once: the dictionary takes half a second."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.text.dictionary import KeywordValues
from bot.text.lexicons import Lexicons, load_lexicons
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer

SHIPPED = Path(__file__).parents[2] / "config" / "lexicon"


@pytest.fixture(scope="session")
def lexicons() -> Lexicons:
    return load_lexicons(SHIPPED)


@pytest.fixture(scope="session")
def tokenizer(lexicons: Lexicons) -> JiebaTokenizer:
    """Read only: a test that adds words makes its own."""
    return JiebaTokenizer(lexicons.user_words)


@pytest.fixture(scope="session")
def reader(tokenizer: JiebaTokenizer, lexicons: Lexicons) -> TextReader:
    return TextReader(tokenizer, lexicons, keyword=KeywordValues(None))
