"""One person under several contact ids, because a platform gave him a new one at some login.

That two ids are one person is a director's word, kept as a fact: `merge` says it, `split` takes it back. Nothing in the
log is rewritten; whose an event is, is asked when it is read, so that earlier and late ones count the same.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import NamedTuple

from bot.core.instants import Instant

MERGE, SPLIT = "merge", "split"
WORDS = frozenset({MERGE, SPLIT})
"""Events that say who is who; they are nothing a member did."""
NOT_MOVED = frozenset({"grant", "revoke", "friend", *WORDS})
"""What a former id keeps for itself: offices never move by themselves, and a direct chat is one with the present id."""


class Word(NamedTuple):
    """`old` is a former id of `member` (merge), or is so no longer (split).

    since: from when on the old id's leaving a group is the platform's forgetting, no deed of the person's.
    """

    type: str
    old: str
    member: str
    since: Instant


class Link(NamedTuple):
    """The present id of a former one."""

    member: str
    since: Instant


def linked(words: Iterable[Word]) -> dict[str, Link]:
    """The link of each former id, by the words of the log in the order of (at, id).

    An id that is linked already stays so until it is split; a word that would close a circle says nothing.
    """
    into: dict[str, Link] = {}
    for word in words:
        if word.type == SPLIT:
            into.pop(word.old, None)
        elif word.old not in into and _present(into, word.member) != word.old:
            into[word.old] = Link(word.member, word.since)
    return {old: link._replace(member=_present(into, old)) for old, link in into.items()}


def _present(into: dict[str, Link], id_: str) -> str:
    while id_ in into:
        id_ = into[id_].member
    return id_


def speaks(type_: str, at: Instant, link: Link) -> bool:
    """Whether an event of a former id is one of the person's."""
    return type_ not in NOT_MOVED and not (type_ == "leave" and at >= link.since)
