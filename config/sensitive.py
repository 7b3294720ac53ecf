"""lexicon/sensitive_words.toml: what no tag may be about (PIPL Art. 28). The shipped list always applies."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

FILE = Path(__file__).parent / "lexicon" / "sensitive_words.toml"


@cache
def _words() -> Mapping[str, Sequence[str]]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


def categories() -> tuple[str, ...]:
    """The categories of sensitive personal information, in the order of the file."""
    return tuple(_words())


def category_of(touched: str) -> str:
    """The category in what `protected` told."""
    return touched.partition("「")[0]


def protected(*texts: str) -> str | None:
    """The category and word that these texts touch, such as 医疗健康「患者」; None when there is none."""
    plain = ["".join(text.split()).lower() for text in texts]
    for category, words in _words().items():
        for word in words:
            if any(word in text for text in plain):
                return f"{category}「{word}」"
    return None
