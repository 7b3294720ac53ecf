"""What changed between two member lists of a group, and how far the second is to be believed.

Platforms lose joins and leaves, but also answer with half a list, with an empty one, or with new ids for everybody.
"""

from __future__ import annotations

from collections.abc import Set as AbstractSet
from dataclasses import dataclass

NEW_IDS_FROM = 3
"""Fewer ids that go while others come are people."""
GROWN_FROM = 5
"""Fewer who come at once are newcomers, however small the group was."""


@dataclass(frozen=True, slots=True)
class Change:
    """Who joined and who left, as far as that can be told from the lists.

    new_ids: so many ids went while others came that the same people may have got new ones.
    """

    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    new_ids: bool = False


def compare(before: AbstractSet[str], now: AbstractSet[str]) -> Change:
    """A list without most of those who were there says nothing; one that doubles was not whole before."""
    gone, come = frozenset(before - now), frozenset(now - before)
    changed = min(len(gone), len(come))
    if changed >= NEW_IDS_FROM and changed * 10 > len(before):
        return Change(new_ids=True)
    if not now or len(gone) * 2 > len(before):
        return Change()
    grown = len(come) > max(len(before), GROWN_FROM)
    return Change(frozenset() if grown else come, gone)
