"""What reading a message's text yields. The parts outlive the text, and rebuilding uses them (RULEBOOK §0)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from typing import Any, NamedTuple


@dataclass(frozen=True, slots=True)
class Check:
    """One independent check of a message: its name, whether it hit, and what it saw (Chinese, for a person)."""

    name: str
    hit: bool
    detail: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {"name": self.name, "hit": self.hit, "detail": self.detail}


@dataclass(frozen=True, slots=True)
class Reading:
    """What reads texts: the segmenter by name and version, and the hash of its dictionary."""

    engine: str
    dictionary: str

    @property
    def id(self) -> str:
        """Twelve hex digits; the same in every process that reads alike."""
        return _reading_id(self.engine, self.dictionary)


@cache
def _reading_id(engine: str, dictionary: str) -> str:
    """Asked for with every message; there are as many as there were changes of the dictionary."""
    return sha256(f"{engine}\n{dictionary}".encode()).hexdigest()[:12]


class MessageParts(NamedTuple):
    """Everything that is a function of one message's text and kind alone, whatever was said around it.

    base: quality before repetition, 0–2 (RULEBOOK §2); 0 only for empty text.
    parts: the named summands of `base`, for explanations.
    ad: the advert verdict of this text; `ad_score` in 0–1; `checks` lists every check, passes included.
    sketch: duplicate hash (see bot.core.repetition), b"" for texts with nothing to compare.
    content_words: number of distinct content words, for topics.
    topic: one of RULEBOOK §4's topics or None; topic_by: what told it (bot.core.content), "" without one.
    chain: the text is a 接龙, which is neither flood nor repetition.
    suspect: the score is such that what stands around the message counts (bot.core.adverts); `contact`: such a text
    tells how to reach its author.
    """

    base: float
    parts: dict[str, float]
    ad: bool = False
    ad_score: float = 0.0
    checks: tuple[Check, ...] = ()
    sketch: bytes = b""
    content_words: int = 0
    topic: str | None = None
    topic_by: str = ""
    chain: bool = False
    suspect: bool = False
    contact: bool = False
