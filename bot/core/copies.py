"""Who else posted nearly the same: suspicious messages of the last while, found by similarity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.core.instants import Instant
from bot.core.sketch import Features
from bot.core.sketch_index import SketchIndex


class Copier(NamedTuple):
    """Somebody who posted a text in a group; `newcomer`: he had just joined it."""

    member: str
    group: str
    newcomer: bool


class Copies:
    """Texts and who posted them, fed in order of time.

    Of one text by one member in one group the latest is kept, so that no flood makes a look around slow.
    """

    def __init__(self, similarity: float) -> None:
        self._index = SketchIndex(similarity, similarity)
        self._posted: dict[bytes, dict[tuple[str, str], tuple[Instant, bool]]] = {}

    def near(self, features: Features, since: Instant) -> Iterator[Copier]:
        """Who posted nearly the same later than `since`; somebody may come more than once."""
        for sketch in self._index.alike(features, since):
            for (member, group), (at, newcomer) in self._posted[sketch].items():
                if at > since:
                    yield Copier(member, group, newcomer)

    def add(self, features: Features, at: Instant, copier: Copier) -> None:
        """Remember a text."""
        sketch = features.sketch
        self._index.add(features, (at, "", copier.member))
        if sketch in self._posted:
            self._index.drop_oldest(sketch)
        self._posted.setdefault(sketch, {})[copier.member, copier.group] = (at, copier.newcomer)

    def forget(self, until: Instant) -> None:
        """Drop what was posted at `until` or earlier."""
        for sketch in list(self._posted):
            kept = {who: told for who, told in self._posted[sketch].items() if told[0] > until}
            if kept:
                self._posted[sketch] = kept
            else:
                del self._posted[sketch]
                self._index.drop_oldest(sketch)
