"""The ladder of 争议用户 (RULEBOOK §7): hit → delivered warning → a further hit restricts → a person decides.

`Standing` is the state, the functions its moves. A warning that was not delivered never counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from bot.core.instants import DAY, Instant
from bot.core.ruleset import StandingRules

State = Literal["clear", "watched", "restricted", "appealed"]


@dataclass(slots=True)
class Standing:
    """Where a member stands. Instants are None until they happened."""

    state: State = "clear"
    opened_at: Instant | None = None
    hits: int = 0
    last_hit: Instant | None = None
    verdict: str = ""
    checks: list[dict[str, object]] = field(default_factory=list)
    warned_at: Instant | None = None
    warnings: list[str] = field(default_factory=list)
    restricted_at: Instant | None = None
    closed_at: Instant | None = None
    reopened: bool = False

    @property
    def open(self) -> bool:
        return self.state != "clear"

    @property
    def restricted(self) -> bool:
        return self.state == "restricted"


@dataclass(frozen=True, slots=True)
class HitOutcome:
    """What a hit asks for: a warning to plan, a restriction that began, a review by an admin."""

    opened: bool = False
    warn: bool = False
    restricted: bool = False
    review: bool = False


def hit(
    standing: Standing, at: Instant, verdict: str, checks: list[dict[str, object]], newcomer: bool, rules: StandingRules
) -> HitOutcome:
    """Take one ad or flood verdict into account."""
    opened = not standing.open
    if opened:
        _open(standing, at, rules)
    standing.hits += 1
    standing.last_hit, standing.verdict, standing.checks = at, verdict, checks
    if standing.state in ("restricted", "appealed"):
        return HitOutcome(review=True)
    if not newcomer and _warned(standing, at, rules):
        standing.state, standing.restricted_at = "restricted", at
        return HitOutcome(opened=opened, restricted=True)
    return HitOutcome(opened=opened, warn=not _warned(standing, at, rules))


def _open(standing: Standing, at: Instant, rules: StandingRules) -> None:
    recent = standing.closed_at is not None and at - standing.closed_at < rules.reopen_within_days * DAY
    standing.reopened = recent
    standing.state, standing.opened_at = "watched", at
    standing.hits = standing.hits if recent else 0
    standing.restricted_at = None


def _warned(standing: Standing, at: Instant, rules: StandingRules) -> bool:
    warned = standing.warned_at
    return warned is not None and at - warned < rules.restrict_within_days * DAY


def delivered(standing: Standing, at: Instant, dedupe_key: str) -> bool:
    """A planned warning reached the member; True when the key is one of his warnings."""
    if dedupe_key not in standing.warnings:
        return False
    standing.warned_at = at
    return True


def close(standing: Standing, at: Instant) -> None:
    """A person decided (解除 or 移出): nothing hangs over the member any more, no warning either."""
    if not standing.open:
        return
    standing.state, standing.closed_at, standing.restricted_at = "clear", at, None
    standing.warned_at, standing.warnings = None, []


def appeal(standing: Standing) -> bool:
    """申诉 lifts the restriction until a person decides; True when there was one."""
    if standing.state != "restricted":
        return False
    standing.state = "appealed"
    return True
