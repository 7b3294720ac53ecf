"""What a fold brings forth besides the new facts: tag changes, stage moves, flags and plans."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.core.instants import Instant
from bot.core.particulars import Sample
from bot.core.tags import TagChange

FlagKind = Literal["new", "dormant", "disruptive"]


@dataclass(frozen=True, slots=True)
class StageMove:
    """A change of stage; joining is none."""

    at: Instant
    from_stage: str
    to_stage: str
    because: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Flag:
    """A member to look at: 新用户 began, a dormant stage was entered, or 争议用户 was opened."""

    at: Instant
    kind: FlagKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """Something the bot would say, before consent, friendship, hold-out, caps and hours are looked at.

    `dedupe_key` reads as a sentence and is the same whenever the same facts are folded again.
    """

    at: Instant
    kind: str
    member: str
    dedupe_key: str
    group: str | None = None
    detail: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Journal:
    """Everything that happened to one member during a fold, oldest first.

    samples: what the member brought into the cohorts by the instant it began, with the instant it ended.
    """

    changes: list[TagChange] = field(default_factory=list)
    moves: list[StageMove] = field(default_factory=list)
    flags: list[Flag] = field(default_factory=list)
    plans: list[Plan] = field(default_factory=list)
    samples: dict[Instant, tuple[Sample, Instant]] = field(default_factory=dict)
