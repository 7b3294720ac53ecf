"""Text as it is compared and matched: one form for what reads the same.

`fold` keeps case and line breaks: NFKC (full-width, circled and styled letters), zero-width, direction and combining
marks removed, control characters and lone surrogates blanked, traditional characters made simplified, one by one, with
OpenCC. `letters_of` of bot.core.sketch makes the form for matching out of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache
from unicodedata import category, normalize

import numpy as np
from opencc import OpenCC

from bot.text.extent import MOST_CHARACTERS
from bot.text.page import CODES, EDGE, FEW, Codes, code_points, written

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
_NOT_ALONE = CODES - 1
_becomes = np.zeros(CODES, np.uint32)
"""What each code point becomes by itself, 0 for those not met yet."""
_becomes[ord(EDGE)] = ord(EDGE)
_becomes[-1] = _NOT_ALONE
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


def folds(texts: Sequence[str]) -> list[str]:
    """`fold` of each text: characters that by themselves become one other are looked up, all at once."""
    if len(texts) < FEW:
        return list(map(fold, texts))
    short = [text if len(text) <= MOST_CHARACTERS and EDGE not in text else "" for text in texts]
    codes = code_points(EDGE.join(short))
    became = _became(codes)
    folded = written(became).split(EDGE)
    odd = np.flatnonzero(became == _NOT_ALONE)
    apart = set(np.searchsorted(np.flatnonzero(codes == ord(EDGE)), odd).tolist()) if len(odd) else set[int]()
    for at, text in enumerate(texts):
        if at in apart or short[at] is not text:
            folded[at] = fold(text)
    return folded


def _became(codes: Codes) -> Codes:
    """What each character becomes; _NOT_ALONE where that is no single character, or depends on what stands beside."""
    became = _becomes.take(codes, mode="clip")
    if not became.all():
        for code in np.unique(codes[became == 0]).tolist():
            char = chr(code)
            one = translated(char) if _is_alone(char) else ""
            _becomes[code] = ord(one) if len(one) == 1 else _NOT_ALONE
        became = _becomes.take(codes, mode="clip")
    return became


def _is_alone(char: str) -> bool:
    """Whether a character composes with none before it, as marks, Hangul jamo and some letters of rare scripts do."""
    first = normalize("NFKD", char)[0]
    rare = "\u1100" <= first <= "\u11ff" or "\U00010000" <= first < "\U0001f000"
    return category(first)[0] != "M" and not rare


def translated(text: str) -> str:
    """The folded form of a text or of a part that NFKC composes by itself; `bot.text.origins` goes part by part."""
    return normalize("NFKC", text).translate(_mapping)
