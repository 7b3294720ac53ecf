"""Words that steer a conversation: skip, back, quit, start over, agree, refuse."""

from __future__ import annotations

import re
from typing import Literal

from bot.core.answers.plain import clauses, compact, plain
from bot.core.answers.tables import SteeringWords

Steering = Literal["skip", "back", "quit", "restart"]

_TAIL = re.compile(r"(?:的|了|啦|呀|啊|哦|噢|哈|吧|呢|哒|滴|~|谢谢)+$")
_LONGEST = 16


def says(text: str, words: frozenset[str]) -> bool:
    """Whether compact text is one of `words`, particles at its end aside."""
    return len(text) <= _LONGEST and (text in words or _TAIL.sub("", text) in words)


def read_steering(text: str, words: SteeringWords) -> Steering | None:
    """Where the whole text wants to go; None when it is no steering word."""
    said = compact(plain(text, 60))
    if says(said, words.restart):
        return "restart"
    if says(said, words.back):
        return "back"
    if says(said, words.skip):
        return "skip"
    return "quit" if says(said, words.quit) else None


def read_consent(text: str, words: SteeringWords) -> bool | None:
    """True for agreement, False for refusal, None when the text is neither or both ("好的，不了")."""
    said = clauses(plain(text, 60))
    if not said:
        return None
    if all(says(part, words.yes) for part in said):
        return True
    heard_no = any(says(part, words.no) for part in said)
    return False if heard_no and all(says(part, words.yes | words.no) for part in said) else None
