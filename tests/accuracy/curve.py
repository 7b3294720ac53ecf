"""What the advert model gives up at each share of false alarms: F1 where the bar is set by the ham of the texts judged.

The word lists are left out; the bar of the shipped model is chosen on other texts, so its figures differ a little.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.text.features import grams
from bot.text.models import Models
from bot.text.normalise import fold
from bot.training.corpus import Example
from tests.accuracy.scores import score

SHARES = (0.001, 0.003, 0.005, 0.01, 0.02, 0.03)
Row = tuple[str, str, str]


def rows(models: Models, spam: Sequence[Example]) -> list[Row]:
    """One row for all sources, one for each with both adverts and ham."""
    folded = [fold(one.text) for one in spam]
    margins = models.advert_margins(folded, grams(folded))
    adverts = np.array([one.advert for one in spam])
    sources = np.array([one.source for one in spam])
    chosen = {"可信集": np.ones(len(spam), bool), **{name: sources == name for name in ("tgchat", "mcqq")}}
    return [(f"曲线：{name}", _curve(margins[own], adverts[own]), "误报率 → F1") for name, own in chosen.items()]


def _curve(margins: NDArray[np.float64], adverts: NDArray[np.bool_]) -> str:
    points = []
    for share in SHARES:
        said = margins > np.quantile(margins[~adverts], 1 - share)
        points.append(f"{share:.1%} → {score(adverts.tolist(), said.tolist()).f1:.3f}")
    return "，".join(points)
