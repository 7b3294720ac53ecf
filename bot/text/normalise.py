"""Text as it is compared and matched: one form for what reads the same.

`fold` keeps case and line breaks: NFKC (full-width, circled and styled letters), zero-width, direction and combining
marks removed, control characters and lone surrogates blanked, traditional characters made simplified, one by one, with
OpenCC. `letters_of` of bot.core.sketch makes the form for matching out of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from unicodedata import category, normalize

from opencc import OpenCC

from bot.text.extent import MOST_CHARACTERS

_REMEMBERED = 70_000


class _Mapping(dict[int, str | None]):
    """What each code point becomes, worked out when it is first met."""

    def __missing__(self, code: int) -> str | None:
        result = _mapped(code)
        if len(self) < _REMEMBERED:
            self[code] = result
        return result


def _mapped(code: int) -> str | None:
    char = chr(code)
    if char in "\n\t":
        return char
    kind = category(char)
    if kind in ("Cf", "Mn", "Me"):
        return None
    if kind in ("Cc", "Cs", "Zs", "Zl", "Zp"):
        return " "
    return _simplifier().convert(char) if kind == "Lo" else char


@cache
def _simplifier() -> OpenCC:
    """OpenCC's traditional → simplified, 4 µs a character; each character is asked for once."""
    return OpenCC("t2s")


BLANKS = re.compile(r"[^\S\n]{2,}")
_mapping = _Mapping()
_ASCII = dict.fromkeys((*range(9), *range(11, 32), 127), " ")


def spelled(changes: Mapping[str, bool | None]) -> dict[str, bool | None]:
    """Changes of words, in the spelling of folded texts too."""
    return {spelling: whole for word, whole in changes.items() for spelling in (word, fold(word))}


def fold(text: str) -> str:
    """The folded form of a text's first `MOST_CHARACTERS` characters; in a longer text blanks are closed up first."""
    if len(text) > MOST_CHARACTERS:
        text = BLANKS.sub(" ", text[: 10 * MOST_CHARACTERS])[:MOST_CHARACTERS]
    if text.isascii():
        return text if text.isprintable() else text.translate(_ASCII)
    return translated(text)[:MOST_CHARACTERS]


def translated(text: str) -> str:
    """The folded form of a text or of a part that NFKC composes by itself; `bot.text.origins` goes part by part."""
    return normalize("NFKC", text).translate(_mapping)
