"""Tags as values: what a rule says, what a member holds, what changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.instants import Instant

Because = Mapping[str, Any]
Source = Literal["rule", "survey", "manual", "model", "import"]


@dataclass(frozen=True, slots=True)
class Tag:
    """What a rule says of a member now: `path` two names joined by "/", `value` the third level."""

    path: str
    value: str
    weight: float = 1.0
    source: Source = "rule"
    expires_at: Instant | None = None
    because: Because = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not 0.0 <= self.weight <= 1.0:
            raise ValueError(f"weight {self.weight} of {self.path} outside 0–1")


@dataclass(frozen=True, slots=True)
class Held:
    """A tag with its history: since when, by which rule of which rule-set version."""

    tag: Tag
    since: Instant
    rule: str
    rule_set: int

    def renewed(self, tag: Tag) -> Held:
        """The same holding with fresh weight, expiry and reasons."""
        return Held(tag, self.since, self.rule, self.rule_set)


@dataclass(frozen=True, slots=True)
class TagChange:
    """One gain or loss, as it is kept for ever."""

    at: Instant
    action: Literal["gained", "lost"]
    tag: Tag
    rule: str
    rule_set: int


Tags = dict[tuple[str, str], Held]
"""A member's tags by (path, value)."""
