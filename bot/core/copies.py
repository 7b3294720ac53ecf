"""Who else posted nearly the same: suspicious messages of the last while, found by similarity.

Of a wave of adverts the first looks like nothing. So copies count for it as well that come soon after it, until they
make it an advert; how fast its group talked is then left out, which nobody remembers for so long.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.around import Around
from bot.core.instants import Instant
from bot.core.sketch import Features
from bot.core.sketch_index import SketchIndex

ENOUGH = 50
"""Other members after whom no later copy counts for an earlier one: by then it is clear what it is."""


class Copy:
    """A text as somebody posted it in a group, and what stood around it.

    newcomer: he had just joined it. groups: other groups where he posted nearly the same. others: members who did, and
    whether as newcomers.
    """

    __slots__ = ("around", "at", "group", "groups", "id", "member", "newcomer", "others")

    def __init__(self, at: Instant, id_: str, member: str, group: str, newcomer: bool, around: Around) -> None:
        self.at, self.id, self.member, self.group, self.newcomer = at, id_, member, group, newcomer
        self.groups: set[str] = set()
        self.others: dict[str, bool] = {}
        self.around = around

    def meet(self, other: Copy) -> None:
        """Count another copy."""
        if other.member != self.member:
            self.others[other.member] = other.newcomer or self.others.get(other.member, False)
        elif other.group != self.group:
            self.groups.add(other.group)

    def counted(self) -> Around:
        """What stands around it, with the copies met so far."""
        alike = sum(self.others.values()) if self.newcomer else 0
        return self.around._replace(own_groups=len(self.groups), others=len(self.others) - alike, newcomers=alike)

    def turns(self, later: Copy) -> bool:
        """Count a later copy; whether it is this one that makes an advert of it."""
        if self.around.ad or len(self.others) >= ENOUGH:
            return False
        self.meet(later)
        self.around = self.counted()._replace(pace=0, usual=None)
        return self.around.ad


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
