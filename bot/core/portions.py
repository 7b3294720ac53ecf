"""A long text in portions that a chat shows whole, cut where a reader would pause."""

from __future__ import annotations

from collections.abc import Iterator

MOST = 1000
"""Characters of one message; the platform cuts or folds what is much longer."""
PAUSES = ("\n", "。！？!?…", "；;，,、 ")
"""Where to cut, the best places first."""


def portions(text: str, most: int = MOST) -> Iterator[str]:
    """`text` in order, each portion at most `most` characters and never empty; no word is lost."""
    left = text.strip()
    while len(left) > most:
        end = _pause(left[:most])
        yield left[:end].rstrip()
        left = left[end:].lstrip()
    if left:
        yield left


def _pause(window: str) -> int:
    """Behind the last good place to pause in the second half of the window; its end when there is none."""
    for marks in PAUSES:
        found = max(window.rfind(mark) for mark in marks) + 1
        if found > len(window) // 2:
            return found
    return len(window)
