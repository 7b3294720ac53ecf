"""What the repository of ties takes and gives: named tuples in the words of its tables."""

from __future__ import annotations

from typing import NamedTuple

from bot.core.instants import Instant


class TieRow(NamedTuple):
    """`member` and `other` were in touch; `kind` is invite, mention or reply."""

    event: str
    kind: str
    member: str
    other: str
    at: Instant


class AwaitedReplyRow(NamedTuple):
    """`event` answers a `message` that has not come in yet."""

    event: str
    message: str
    member: str
    at: Instant
