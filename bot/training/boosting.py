"""Fits the trees over shapes of texts (bot.text.shape): each takes up what n-grams and the trees before leave over."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.text.models import STEEPNESS
from bot.text.shape import DEPTH, FORKS, LEAVES, ShapeTrees, Table

TREES = 60
LEARNED = 0.1
"""Share of what a tree could add that it does add."""
LEAST_TEXTS = 20
"""Texts in a leaf."""


def boost(
    table: Table, margins: NDArray[np.float64], adverts: NDArray[np.bool_], counts: NDArray[np.float64]
) -> ShapeTrees:
    """Trees fitted to texts by their shapes, their margins by n-grams, and how much each text counts."""
    from sklearn.tree import DecisionTreeRegressor

    odds, trees = STEEPNESS * margins, []
    for _ in range(TREES):
        chances = 1 / (1 + np.exp(-odds))
        left = adverts - chances
        tree = DecisionTreeRegressor(max_depth=DEPTH, min_samples_leaf=LEAST_TEXTS, random_state=0)
        leaves = tree.fit(table, left, sample_weight=counts).apply(table)
        steps = _steps(leaves, left, chances * (1 - chances), counts)
        odds = odds + steps[leaves]
        trees.append(_heap(tree.tree_, steps))
    measures, bars, ends = (np.array(part) for part in zip(*trees, strict=True))
    return ShapeTrees(measures.astype(np.int8), bars.astype(np.float32), (ends / STEEPNESS).astype(np.float32))


def _steps(
    leaves: NDArray[np.int64], left: NDArray[np.float64], curved: NDArray[np.float64], counts: NDArray[np.float64]
) -> NDArray[np.float64]:
    """One step of Newton's method in each leaf."""
    steps: NDArray[np.float64] = np.bincount(leaves, counts * left) / np.maximum(
        np.bincount(leaves, counts * curved), 1e-9
    )
    return LEARNED * steps


def _heap(tree: Any, steps: NDArray[np.float64]) -> tuple[list[int], list[float], list[float]]:
    """A fitted tree with all its FORKS: below an early leaf every way ends alike."""
    nodes, measures, bars = [0] * (FORKS + LEAVES), [0] * FORKS, [np.inf] * FORKS
    for place in range(FORKS):
        node = nodes[place]
        forked = tree.children_left[node] >= 0
        if forked:
            measures[place], bars[place] = int(tree.feature[node]), float(tree.threshold[node])
        nodes[2 * place + 1] = int(tree.children_left[node]) if forked else node
        nodes[2 * place + 2] = int(tree.children_right[node]) if forked else node
    return measures, bars, [float(steps[node]) for node in nodes[FORKS:]]
