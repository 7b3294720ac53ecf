"""What the repositories of changed contact ids take and give: named tuples in the words of their tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from bot.core.instants import Instant


class LinkRow(NamedTuple):
    """A former id of `member` (see storage.models.links)."""

    old: str
    member: str
    since: Instant
    name: str = ""
    minor: str | None = None
    lent: bool = False


class ContactRow(NamedTuple):
    """What is shown of a contact: the names it had (the present one last), the account's own note, its picture."""

    member: str
    names: Sequence[str] = ()
    alias: str = ""
    avatar: str = ""
    friend: bool = False


class NicknameRow(NamedTuple):
    """What somebody was called in a group when it was asked `at`; "" for no name of its own."""

    group_id: str
    member: str
    name: str
    at: Instant


class RosterChangeRow(NamedTuple):
    """An id gone from a group's list, or new in it."""

    group_id: str
    member: str
    gone: bool
    at: Instant


class ProposalRow(NamedTuple):
    """`old` and `new` may be one person; `number` is given by the database and ignored when adding."""

    old: str
    new: str
    points: int
    grounds: Sequence[str]
    since: Instant
    found_at: Instant
    status: str = "open"
    number: int = 0
