"""A logged event as the fold reads it: checked long ago, with what the context pass found about it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.core.events import rank
from bot.core.instants import Instant


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log.

    quality: final coefficient 0–2 of a message. verdict: "" ad flood. valid: a valid message (RULEBOOK §0).
    body: for a message `topic` (read from a text with enough content words, or a person's label), `form`, `kind`, and
    `checks` when there is a verdict. For a withdraw also `message_at`, `message_by`, `message_quality`,
    `message_valid`, `message_verdict` and `message_body` of the message it takes back, absent when that message is not
    known. For an answer or a self-introduction about age `minor` = "14-17" when it says so. A message that is a
    check-in is of type checkin. origin: the member's former contact id that it came under, "" for the present one.
    """

    id: str
    type: str
    at: Instant
    member: str
    group: str | None = None
    body: Mapping[str, Any] = field(default_factory=dict)
    quality: float = 0.0
    verdict: str = ""
    valid: bool = False
    origin: str = ""

    @property
    def order(self) -> tuple[Instant, int, str]:
        """Entries are folded in this order, in whatever order they arrived."""
        return self.at, rank(self.type), self.id
