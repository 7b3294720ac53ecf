"""Judging samples of tags (RULEBOOK §8): what is asked next, the error rate with its interval, and when it is green.

The draw is seeded by the week, so that a restart asks the same; three in ten questions go to other tags than the key
ones, so that every dimension is looked at now and then.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256

from bot.core.instants import DAY, Instant
from bot.core.uplift import TOO_FEW, Arm, wilson

KEY_PATHS = ("生命周期/阶段", "特殊身份/身份", "行为/活跃度")
"""Tags that decide what people are sent, may do, and are told."""
A_WEEK = 10
FOR_KEY = 7
"""Questions a week for key tags, the first ones; the rest is for all others."""
WEEK = 7 * DAY
POOLED = 180 * DAY
MOST_ERRORS = 0.05
ENOUGH = 73
"""With fewer answers the upper bound is not below 5 % even if none is wrong (z² ÷ (n + z²) < 0.05)."""
GREEN, RED = "达标", "未达标"


@dataclass(frozen=True, slots=True)
class Quality:
    """What people said of `judged` samples."""

    judged: int = 0
    wrong: int = 0

    @property
    def rate(self) -> float | None:
        return self.wrong / self.judged if self.judged else None

    @property
    def interval(self) -> tuple[float, float]:
        """95 % Wilson interval of the error rate."""
        return wilson(Arm(self.judged, self.wrong))

    @property
    def verdict(self) -> str:
        if self.judged < ENOUGH:
            return TOO_FEW
        return GREEN if self.interval[1] < MOST_ERRORS else RED


def draw(week: Instant, number: int, purpose: str, size: int) -> int:
    """A place below `size`, the same each time for the same question of the same week."""
    seed = sha256(f"{week}:{number}:{purpose}".encode()).digest()
    return int.from_bytes(seed[:8], "big") % size
