"""What a recall brings: the share that came back of those recalled, less that of those held out (RULEBOOK §9)."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt

Z = 1.959963984540054
"""Two-sided 95 %."""
LEAST_HELD_OUT = 100
"""With fewer held out nothing can be said."""
TOO_FEW = "样本不足"


@dataclass(frozen=True, slots=True)
class Arm:
    """One side of the comparison: `candidates` met the terms of a recall, `returned` came back in time."""

    candidates: int = 0
    returned: int = 0

    @property
    def rate(self) -> float | None:
        return self.returned / self.candidates if self.candidates else None


def wilson(arm: Arm) -> tuple[float, float]:
    """95 % score interval of a share (Wilson 1927); everything when nobody is counted."""
    if not arm.candidates:
        return 0.0, 1.0
    share, count, square = arm.returned / arm.candidates, arm.candidates, Z * Z
    middle = share + square / (2 * count)
    spread = Z * sqrt(share * (1 - share) / count + square / (4 * count * count))
    low, high = (middle - spread) / (1 + square / count), (middle + spread) / (1 + square / count)
    return max(0.0, low), min(1.0, high)


def newcombe(recalled: Arm, held_out: Arm) -> tuple[float, float]:
    """95 % interval of the difference of two shares (Newcombe 1998, method 10: hybrid score)."""
    first, second = recalled.rate or 0.0, held_out.rate or 0.0
    (low_1, high_1), (low_2, high_2) = wilson(recalled), wilson(held_out)
    difference = first - second
    down = sqrt((first - low_1) ** 2 + (high_2 - second) ** 2)
    up = sqrt((high_1 - first) ** 2 + (second - low_2) ** 2)
    return difference - down, difference + up


def verdict(recalled: Arm, held_out: Arm) -> str:
    """What may be said of a recall's effect."""
    if held_out.candidates < LEAST_HELD_OUT or not recalled.candidates:
        return TOO_FEW
    low, high = newcombe(recalled, held_out)
    if low > 0:
        return "有效"
    return "有害" if high < 0 else "看不出差别"
