"""Who else posted nearly the same: suspicious messages of the last while, found by similarity."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from bot.core.instants import Instant
from bot.core.sketch import Features
from bot.core.sketch_index import SketchIndex


class Copy(NamedTuple):
    """A text as somebody posted it in a group; `newcomer`: he had just joined it."""

    at: Instant
    id: str
    member: str
    group: str
    newcomer: bool = False


class Copies:
    """Texts and who posted them; one member's come in order of time.

    Of one text by one member in one group the latest is kept, so that no flood makes a look around slow.
    """

    def __init__(self, similarity: float) -> None:
        self._index = SketchIndex(similarity, similarity)
        self._posted: dict[bytes, dict[tuple[str, str], Copy]] = {}
        self._latest: dict[bytes, Instant] = {}
        self.newest: tuple[Instant, str] = (0, "")
        """Instant and id of the last in order of all that were posted."""

    def near(self, features: Features, since: Instant) -> Iterator[Copy]:
        """Texts nearly the same that were posted later than `since`."""
        for sketch in self._index.alike(features, since):
            yield from (copy for copy in self._posted[sketch].values() if copy.at > since)

    def add(self, features: Features, copy: Copy) -> None:
        """Remember a text."""
        self.newest = max(self.newest, (copy.at, copy.id))
        sketch = features.sketch
        known = self._latest.get(sketch)
        latest = self._latest[sketch] = copy.at if known is None else max(known, copy.at)
        self._index.add(features, (latest, copy.id, copy.member))
        if known is not None:
            self._index.drop_oldest(sketch)
        self._posted.setdefault(sketch, {})[copy.member, copy.group] = copy

    def forget(self, until: Instant) -> None:
        """Drop what was posted at `until` or earlier."""
        for sketch in list(self._posted):
            kept = {who: copy for who, copy in self._posted[sketch].items() if copy.at > until}
            if kept:
                self._posted[sketch] = kept
            else:
                del self._posted[sketch], self._latest[sketch]
                self._index.drop_oldest(sketch)
