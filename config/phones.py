"""lexicon/phones.toml: what people call the brands and models that a browser names by code."""

from __future__ import annotations

from pathlib import Path

from config.strict import Strict, read_strict


class PhoneNames(Strict):
    """brands: a parser's brand → its Chinese name. models: the beginning of a model code → the full name."""

    brands: dict[str, str]
    models: dict[str, str]


def load_phones(folder: Path) -> PhoneNames:
    """Raises BadInput naming the file and the key."""
    return read_strict(folder / "lexicon" / "phones.toml", PhoneNames)
