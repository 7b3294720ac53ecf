"""Bare `jieba.lcut`, the reference that speed is told against."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

import jieba


def beside_jieba(texts: Sequence[str], measured: Callable[[], float]) -> tuple[float, float]:
    """Seconds that jieba alone needs for the texts, on average of before and after; and what `measured` gives."""
    jieba.setLogLevel(logging.ERROR)
    jieba.initialize()
    before = _seconds(texts)
    ours = measured()
    return (before + _seconds(texts)) / 2, ours


def _seconds(texts: Sequence[str]) -> float:
    started = time.perf_counter()
    for text in texts:
        jieba.lcut(text)
    return time.perf_counter() - started


def told(seconds: float, count: int, suffix: str = "") -> str:
    """Microseconds a message, for a row of the table."""
    return f"{1e6 * seconds / count:.1f} µs/条{suffix}"
