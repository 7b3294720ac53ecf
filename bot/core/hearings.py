"""One message heard by several accounts: which hearings are of the same message.

Every account has ids of its own, so the same message is known by who said what, where and when. Only hearings of
different accounts are paired, and one to one: who says something twice is heard twice by each account.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from bot.core.instants import SECOND, Instant

WITHIN = 5 * SECOND
"""How far apart two accounts may tell the time of one message: servers stamp it once, gateways in whole seconds."""


class Hearing(NamedTuple):
    """`id` is the message for `account`, `event` the one of the log that it is; `digest` tells who said what where."""

    id: str
    account: str
    event: str
    digest: str
    at: Instant


def pair(heard: Sequence[Hearing], known: Iterable[Hearing]) -> list[Hearing]:
    """The hearings in order of time, each with the event it belongs to: its own, or one heard by another account.

    `known` holds the earlier hearings of the same digests, complete around the times of `heard`.
    """
    told = _Told(known)
    return [told.settle(one) for one in sorted(heard, key=lambda one: (one.at, one.id))]


class _Told:
    """The originals by digest, and by which accounts each was heard."""

    def __init__(self, known: Iterable[Hearing]) -> None:
        self._originals: dict[str, list[Hearing]] = {}
        self._accounts: dict[str, set[str]] = {}
        for one in known:
            self._note(one)

    def _note(self, one: Hearing) -> None:
        if one.id == one.event:
            self._originals.setdefault(one.digest, []).append(one)
        self._accounts.setdefault(one.event, set()).add(one.account)

    def settle(self, one: Hearing) -> Hearing:
        original = self._original(one)
        settled = one._replace(event=one.id if original is None else original.event)
        self._note(settled)
        return settled

    def _original(self, one: Hearing) -> Hearing | None:
        """The nearest in time that this account has not heard yet."""
        free = [
            other
            for other in self._originals.get(one.digest, ())
            if abs(other.at - one.at) <= WITHIN and one.account not in self._accounts[other.event]
        ]
        return min(free, key=lambda other: (abs(other.at - one.at), other.at, other.id), default=None)
