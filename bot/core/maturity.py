"""Maturity of a tag category, 0–100 (RULEBOOK §8): 0.4 accuracy + 0.3 coverage + 0.3 timeliness.

A part that nothing is known of leaves the others their weights, rescaled.
"""

from __future__ import annotations

from collections.abc import Mapping

WEIGHTS: Mapping[str, float] = {"accuracy": 0.4, "coverage": 0.3, "timeliness": 0.3}
PASS = 60.0
LEAST_JUDGED = 10
"""With fewer answers about a category its accuracy is unknown."""

Parts = Mapping[str, float | None]
"""Each part of WEIGHTS as a share of 1, None for unknown."""


def maturity(parts: Parts) -> float | None:
    """The score; None when nothing is known at all."""
    known = {name: value for name, value in parts.items() if value is not None}
    if not known:
        return None
    return 100 * sum(WEIGHTS[name] * value for name, value in known.items()) / sum(WEIGHTS[name] for name in known)


def weakest(parts: Parts) -> str | None:
    """The known part that costs the most points."""
    known = {name: WEIGHTS[name] * (1 - value) for name, value in parts.items() if value is not None}
    return max(known, key=lambda name: known[name], default=None)
