"""The deployment's dictionary: words kept whole or split, stored, and the same in every process.

A word is overridden (whole or split) or it is as configured. `VERSION` names the stored words by their content, so
that a process sees at one look whether its own are still the same.
"""

from __future__ import annotations

from hashlib import sha256

from bot.core.instants import Instant
from bot.errors import BadInput
from storage.rows import WordRow
from storage.unit_of_work import UnitOfWork

VERSION = "dictionary_version"
"""Deployment key: what tells the stored words from others; absent while there never were any."""
LONGEST = 30
"""Characters of a word; what is longer is a sentence."""
MOST_WORDS = 20_000


def overrides(uow: UnitOfWork) -> dict[str, bool]:
    """Whether each stored word is kept whole, by word."""
    return {row.word: row.whole for row in uow.dictionary.all()}


def stored(uow: UnitOfWork) -> dict[str, bool]:
    """As `overrides`, also of a database that is older than the dictionary, or empty."""
    return overrides(uow) if uow.dictionary.is_there() else {}


def add(uow: UnitOfWork, word: str, by: str, at: Instant) -> bool:
    """Keep a word whole; False when it was already so by an earlier word. Raises BadInput."""
    _check(word)
    known = uow.dictionary.get(word)
    if known is not None and known.whole:
        return False
    if known is None and len(uow.dictionary.all()) >= MOST_WORDS:
        raise BadInput(f"词典里已有 {MOST_WORDS} 个词，请改写进词库文件 user_dict.txt")
    uow.dictionary.put(WordRow(word, True, at, by))
    _note_version(uow)
    return True


def remove(uow: UnitOfWork, word: str, by: str, at: Instant, *, known: bool) -> bool:
    """Take an added word back, or split a word that is `known` otherwise; False when there is nothing to take away."""
    _check(word)
    mine = uow.dictionary.get(word)
    if mine is not None and mine.whole:
        uow.dictionary.drop(word)
    elif mine is None and known:
        uow.dictionary.put(WordRow(word, False, at, by))
    else:
        return False
    _note_version(uow)
    return True


def _check(word: str) -> None:
    """Raises BadInput for what cannot be one word."""
    if not 2 <= len(word) <= LONGEST or not word.isprintable() or any(map(str.isspace, word)):
        raise BadInput(f"词应为 2–{LONGEST} 个字，中间不能有空格")


def _note_version(uow: UnitOfWork) -> None:
    lines = "\n".join(f"{row.word} {row.whole}" for row in uow.dictionary.all())
    uow.deployment.put(VERSION, sha256(lines.encode()).hexdigest()[:16])
