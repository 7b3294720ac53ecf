"""The recent messages of one group, found by similarity without looking at each.

Prefix filtering (Chaudhuri et al. 2006): two sketches of similarity ≥ t share one of their first, because at most
(1 − t)·m of the m smallest hashes of their union are not shared. So only the first ⌊(1 − t)·m⌋ + 1 are indexed.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.core.instants import Instant
from bot.core.sketch import SIZE, Features, feature_similarity

Spoken = tuple[Instant, str, str]
"""When, message id, member."""


class _Variant:
    """One distinct sketch and everyone who sent it, oldest first; a list, since it is seldom more than one."""

    __slots__ = ("features", "spoken")

    def __init__(self, features: Features) -> None:
        self.features = features
        self.spoken: list[Spoken] = []


class SketchIndex:
    """Messages by sketch. `floor`: lowest similarity that is found (0–1); `near_from`: that of a near-duplicate."""

    def __init__(self, floor: float, near_from: float) -> None:
        self._floor = floor
        self._near_from = near_from
        self._variants: dict[bytes, _Variant] = {}
        self._by_hash: dict[int, _Variant | dict[bytes, _Variant]] = {}
        self._prefix = [_prefix_length(count, floor) for count in range(SIZE + 1)]

    def __bool__(self) -> bool:
        return bool(self._variants)

    def add(self, features: Features, spoken: Spoken) -> None:
        """Remember a message; messages come in (at, id) order."""
        variant = self._variants.get(features.sketch)
        if variant is None:
            variant = self._variants[features.sketch] = _Variant(features)
            there = self._by_hash
            for value in features.first(self._prefix[features.count]):
                if there.setdefault(value, variant) is not variant:
                    self._post(value, variant)
        variant.spoken.append(spoken)

    def _post(self, value: int, variant: _Variant) -> None:
        """A hash that several sketches share needs a dictionary; most do not."""
        there = self._by_hash[value]
        if isinstance(there, dict):
            there[variant.features.sketch] = variant
        else:
            self._by_hash[value] = {there.features.sketch: there, variant.features.sketch: variant}

    def drop_oldest(self, sketch: bytes) -> None:
        """Forget the oldest message of that sketch."""
        variant = self._variants[sketch]
        del variant.spoken[0]
        if variant.spoken:
            return
        del self._variants[sketch]
        for value in variant.features.first(self._prefix[variant.features.count]):
            there = self._by_hash.pop(value)
            if there is not variant and isinstance(there, dict):
                del there[sketch]
                if there:
                    self._by_hash[value] = there

    def near(
        self, features: Features, since: Instant, member: str, enough: int, only_own: bool = False
    ) -> tuple[float, Spoken | None, int]:
        """Look among messages later than `since`, only those of `member` when `only_own`.

        Returns the highest similarity (0 below the floor), the latest near-duplicate, and the number of `member`'s
        near-duplicates, counted up to `enough`.
        """
        best, nearest, own = 0.0, None, 0
        found = self._candidates(features)
        if not found:
            return best, nearest, own
        for value, variant in self._similar(features, since, found):
            latest = _latest(variant, since, member) if only_own else variant.spoken[-1]
            if latest is None:
                continue
            best = max(best, value)
            if value < self._near_from:
                continue
            if nearest is None or latest[:2] > nearest[:2]:
                nearest = latest
            if own < enough:
                own += _count(variant, since, member, enough - own)
        return best, nearest, own

    def alike(self, features: Features, since: Instant) -> Iterator[bytes]:
        """The near-duplicates among the sketches of messages later than `since`."""
        for value, variant in self._similar(features, since, self._candidates(features)):
            if value >= self._near_from:
                yield variant.features.sketch

    def _candidates(self, features: Features) -> dict[bytes, _Variant]:
        """The variants that share one of the first hashes."""
        candidates: dict[bytes, _Variant] = {}
        for there in map(self._by_hash.get, features.first(self._prefix[features.count])):
            if there is None:
                continue
            if isinstance(there, dict):
                candidates.update(there)
            else:
                candidates[there.features.sketch] = there
        return candidates

    def _similar(
        self, features: Features, since: Instant, candidates: dict[bytes, _Variant]
    ) -> Iterator[tuple[float, _Variant]]:
        """Living candidates at or above the floor with their similarity."""
        floor = self._floor
        for sketch, variant in candidates.items():
            if variant.spoken[-1][0] > since:
                score = 1.0 if sketch == features.sketch else feature_similarity(features, variant.features, floor)
                if score >= floor:
                    yield score, variant


def _prefix_length(count: int, floor: float) -> int:
    """Hashes to index of a sketch of `count` so that none with similarity ≥ `floor` is missed."""
    union = min(SIZE, int(count / floor + 1e-9)) if floor > 0 else SIZE
    return min(count, int((1 - floor) * union + 1e-9) + 1)


def _latest(variant: _Variant, since: Instant, member: str) -> Spoken | None:
    for spoken in reversed(variant.spoken):
        if spoken[0] <= since:
            return None
        if spoken[2] == member:
            return spoken
    return None


def _count(variant: _Variant, since: Instant, member: str, enough: int) -> int:
    found = 0
    for spoken in reversed(variant.spoken):
        if spoken[0] <= since or found >= enough:
            break
        found += spoken[2] == member
    return found
