"""The ladder of places (RULEBOOK §6): precision never exceeds the consent given, 省份 < 城市 < 商圈."""

from __future__ import annotations

from collections.abc import Iterable

LADDER = ("province", "city", "precise_location")
"""From the coarsest to the finest."""


def reached(purposes: Iterable[str], granted: bool) -> list[str]:
    """The purposes that a word about `purposes` is about: who agrees to the finer agrees to the coarser, and who
    withdraws the coarser withdraws the finer."""
    told = set(purposes)
    steps = [LADDER.index(one) for one in told if one in LADDER]
    if steps:
        told.update(LADDER[: max(steps) + 1] if granted else LADDER[min(steps) :])
    return sorted(told)
