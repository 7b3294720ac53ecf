"""Bringing text into one plain form before it is read: bounded, NFKC, lower case, no emoji, no control characters."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

LIMIT = 300
"""Characters read of a text. No answer and no introduction's facts lie further in."""

_KEPT_SYMBOLS = "♂♀\n~+"
_MENTION = re.compile(r"@[^\s@]{1,40}(?:\s|$)")
_SPACES = re.compile(r"[^\S\n]+")
_BREAKS = re.compile(r"[,，。;；、!！\n|/·•…]+|(?<!\d)\.|\.(?!\d)")
_NOISE = re.compile(r"[^\w♂♀+\-~#:']+")


def plain(text: str, limit: int = LIMIT) -> str:
    """At most `limit` characters in plain form; mentions are taken out. Never raises."""
    head = _MENTION.sub(" ", unicodedata.normalize("NFKC", text[:limit]))[:limit]
    kept = "".join(map(_kept, head.lower()))
    return _SPACES.sub(" ", kept).strip()


def compact(text: str) -> str:
    """Plain text without spaces, brackets and punctuation: the form in which short answers are compared."""
    return _NOISE.sub("", text.replace("\n", "")).strip("~:-")


def clauses(text: str) -> tuple[str, ...]:
    """The compact, non-empty clauses of a plain text, split at punctuation and line breaks."""
    parts = (compact(part) for part in _BREAKS.split(text))
    return tuple(part for part in parts if part)


def pieces(text: str) -> tuple[str, ...]:
    """Like `clauses`, split at spaces too: "28 男 杭州"."""
    return clauses(text.replace(" ", "\n"))


@lru_cache(maxsize=4096)
def _kept(char: str) -> str:
    """The character itself, a blank for other white space, nothing for emoji, marks and control characters."""
    if char in _KEPT_SYMBOLS:
        return char
    kind = unicodedata.category(char)
    if kind[0] == "Z" or char in "\t\r\f\v":
        return " "
    return "" if kind[0] == "C" or kind in ("So", "Sk", "Mn", "Me") else char
