"""Which vanished contact id and which new one may be one person: evidence counted in points, for a person to judge.

A nickname is nobody's key, so it never suffices by itself; standing in the one group where the ids changed is said of
every candidate and counts nothing. Where two candidates are equally good, nothing is proposed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

LEAST_POINTS = 3
LEAST_ROOMS, LEAST_TIES = 2, 2
NICKNAMES = frozenset({"群昵称相同", "现用昵称相同", "曾用昵称相同"})
"""Grounds that are nothing without others."""


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a contact id.

    rooms: groups it is in, or was in until it vanished. names: nicknames, the present one last. alias: the account's
    own note on the contact. avatar: hash of its picture's address. ties: whom it was in touch with. called: the groups
    in which it has a name of its own there (群昵称), and that name.
    """

    rooms: frozenset[str] = frozenset()
    names: tuple[str, ...] = ()
    alias: str = ""
    avatar: str = ""
    friend: bool = False
    ties: frozenset[str] = frozenset()
    called: frozenset[tuple[str, str]] = frozenset()


class Likeness(NamedTuple):
    points: int
    grounds: tuple[str, ...]

    @property
    def suffices(self) -> bool:
        return self.points >= LEAST_POINTS and not NICKNAMES.issuperset(self.grounds)


class Match(NamedTuple):
    """`old` may have become `new`."""

    old: str
    new: str
    likeness: Likeness


def likeness(old: Trace, new: Trace) -> Likeness:
    """What speaks for the two being one; without a group in common nothing does."""
    found = list(_grounds(old, new)) if old.rooms & new.rooms else []
    return Likeness(sum(points for _, points in found), tuple(ground for ground, _ in found))


def _grounds(old: Trace, new: Trace) -> Iterator[tuple[str, int]]:
    if old.rooms == new.rooms and len(old.rooms) >= LEAST_ROOMS:
        yield f"同在 {len(old.rooms)} 个群", 2
    if old.alias and old.alias == new.alias:
        yield "备注相同", 3
    if old.avatar and old.avatar == new.avatar:
        yield "头像相同", 3
    if old.called & new.called:
        yield "群昵称相同", 2
    if old.names and new.names and old.names[-1] == new.names[-1]:
        yield "现用昵称相同", 2
    elif set(old.names) & set(new.names):
        yield "曾用昵称相同", 1
    if old.friend and new.friend:
        yield "都是好友", 1
    shared = len(old.ties & new.ties)
    if shared >= LEAST_TIES and shared * 2 >= min(len(old.ties), len(new.ties)):
        yield f"与同样的 {shared} 人往来", 2


def matches(gone: Mapping[str, Trace], come: Mapping[str, Trace]) -> list[Match]:
    """The pairs of which each is the other's single best candidate, with enough to speak for them; by old id."""
    pairs = [Match(old, new, likeness(gone[old], come[new])) for old in sorted(gone) for new in sorted(come)]
    by_old = _best((pair.old, pair) for pair in pairs)
    by_new = _best((pair.new, pair) for pair in pairs)
    return [one for one in pairs if one.likeness.suffices and by_old[one.old] == by_new[one.new] == one]


def _best(pairs: Iterable[tuple[str, Match]]) -> dict[str, Match | None]:
    """The best pair of each id, None where two are equally good."""
    rows: dict[str, list[Match]] = defaultdict(list)
    for id_, pair in pairs:
        rows[id_].append(pair)
    return {id_: _single(candidates) for id_, candidates in rows.items()}


def _single(candidates: list[Match]) -> Match | None:
    most = max(pair.likeness.points for pair in candidates)
    best = [pair for pair in candidates if pair.likeness.points == most]
    return best[0] if len(best) == 1 else None
