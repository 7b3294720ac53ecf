"""Figures of a yes-or-no verdict."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Score(NamedTuple):
    """f1 and recall of the adverts; false_alarms: share of the others taken for adverts. nan where there are none."""

    f1: float
    recall: float
    false_alarms: float


def score(adverts: Sequence[bool], said: Sequence[bool]) -> Score:
    pairs = list(zip(adverts, said, strict=True))
    hits, missed = pairs.count((True, True)), pairs.count((True, False))
    alarms, passed = pairs.count((False, True)), pairs.count((False, False))
    return Score(
        _share(2 * hits, 2 * hits + missed + alarms), _share(hits, hits + missed), _share(alarms, alarms + passed)
    )


def at_false_alarms(adverts: Sequence[bool], scores: Sequence[float], share: float) -> Score:
    """As `score`, at the bar that no more than `share` of the others pass."""
    others = sorted((one for advert, one in zip(adverts, scores, strict=True) if not advert), reverse=True)
    bar = others[int(share * len(others))]
    return score(adverts, [one > bar for one in scores])


def _share(part: int, whole: int) -> float:
    return part / whole if whole else float("nan")
