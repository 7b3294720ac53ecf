"""Python's collector of cycles: told when looking for them would only slow things."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def collector_paused() -> Iterator[None]:
    """For work of bounded size: what is in a cycle waits for its end."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()


SELDOM = 10_000
"""Objects made and not yet freed after which the collector looks among the youngest; by itself it does so after 700."""
_USUAL = gc.get_threshold()


@contextmanager
def collector_at_ease() -> Iterator[None]:
    """For a long run through many short-lived values. Everything there is by now is expected to stay: the collector
    leaves it alone until the end, and looks among what is new more seldom."""
    gc.freeze()
    gc.set_threshold(SELDOM, *_USUAL[1:])
    try:
        yield
    finally:
        gc.set_threshold(*_USUAL)
        gc.unfreeze()
