"""What is heard on a platform, already normalised: one value a kind of news, and the people and places in them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Literal

from bot.core.instants import Instant


@dataclass(frozen=True, slots=True)
class Person:
    """A contact as the platform names it; the id is the identity, the name never is.

    alias: the account's own note on the contact. avatar: hash of the address of its picture. friend: of the account.
    Where they are not known they are "" and False.
    """

    id: str
    name: str = ""
    alias: str = ""
    avatar: str = ""
    friend: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class Address:
    """Where a message goes: a group, or one person's direct chat."""

    kind: Literal["group", "direct"]
    id: str


@dataclass(frozen=True, slots=True)
class MessageHeard:
    """Somebody spoke. `group` is None in a direct chat; `kind` is one of bot.core.events.MESSAGE_KINDS."""

    id: str
    at: Instant
    sender: Person
    group: str | None
    text: str
    kind: str = "text"
    mentions: tuple[str, ...] = ()
    mentions_me: bool = False
    reply_to: str | None = None
    group_name: str = ""
    position: tuple[float, float] | None = None
    """Latitude and longitude (WGS-84) that a location message tells."""
    whole: str = ""
    """The text before a mention of the bot was taken out of it, the same for every account; empty where none was."""


@dataclass(frozen=True, slots=True)
class WithdrawHeard:
    """Somebody took a message back."""

    id: str
    at: Instant
    sender: Person
    group: str | None
    message: str


@dataclass(frozen=True, slots=True)
class JoinHeard:
    """People came into a group; `inviter` is None when unknown. `channel`: 好友邀请 扫码 链接 or None."""

    at: Instant
    group: str
    people: tuple[Person, ...]
    inviter: Person | None = None
    channel: str | None = None
    group_name: str = ""


@dataclass(frozen=True, slots=True)
class LeaveHeard:
    """People left a group, or were removed from it."""

    at: Instant
    group: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class GroupEntered:
    """The account itself came into a group (or found itself in one at login): nobody here is a newcomer."""

    at: Instant
    group: str
    group_name: str
    people: tuple[Person, ...]
    at_login: bool = False


@dataclass(frozen=True, slots=True)
class GroupLeft:
    """The account itself is no longer in a group: it left, was removed, or the group is gone."""

    at: Instant
    group: str


@dataclass(frozen=True, slots=True)
class GroupsHeard:
    """All groups that the account is in, as it finds them at login."""

    at: Instant
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RosterHeard:
    """A group as it is now, asked anew: its name, and who is in it besides the account."""

    at: Instant
    group: str
    group_name: str
    people: tuple[Person, ...]


@dataclass(frozen=True, slots=True)
class FriendHeard:
    """A person became (or stopped being) a friend of the account, so a direct chat is possible."""

    at: Instant
    person: Person
    is_friend: bool = True


@dataclass(frozen=True, slots=True)
class ConnectionHeard:
    """The account can hear ("up") or cannot ("down"); `account` is its own contact id once known, `name` its own."""

    at: Instant
    state: Literal["up", "down"]
    account: str | None = None
    reason: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class ThrottleHeard:
    """The platform itself (never an ordinary member) said: too many operations."""

    at: Instant
    text: str


@dataclass(frozen=True, slots=True)
class EchoHeard:
    """The account is told of its own message, whoever wrote it: this bot, or a person on the same account's phone."""

    at: Instant
    id: str
    to: Address
    text: str
    kind: str = "text"


Heard = (
    MessageHeard
    | WithdrawHeard
    | JoinHeard
    | LeaveHeard
    | GroupEntered
    | GroupLeft
    | GroupsHeard
    | RosterHeard
    | FriendHeard
    | ConnectionHeard
    | ThrottleHeard
    | EchoHeard
)
Listener = Callable[[Heard], Awaitable[None]]
