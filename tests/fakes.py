"""Fakes that are small products with a state of their own: a platform that remembers what it was told, a clock."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

from bot.core.attachments import Attachment
from bot.core.instants import Instant
from bot.ports import (
    Address,
    ConnectionHeard,
    EchoHeard,
    Heard,
    Listener,
    Person,
    RosterHeard,
    SendRefused,
    SendUnknown,
)


class FakeClock:
    """A clock that stands until it is moved, forward only."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    def move_to(self, at: Instant) -> None:
        assert at >= self.at, "time goes forward only"
        self.at = at


@dataclass(frozen=True)
class Sent:
    """A message that went out; `at` where the platform has a clock."""

    to: Address
    text: str
    mentions: tuple[str, ...]
    at: Instant = 0


@dataclass
class FakeChat:
    """A platform that keeps what it is told. `fate_next`: what becomes of the next sends instead of arriving.

    With a clock it logs in when it is started, and whoever started it hears what is told to it until it is stopped.
    """

    account: str | None = "bot"
    sent: list[Sent] = field(default_factory=list)
    fate_next: list[Exception] = field(default_factory=list)
    owner: bool = False
    removed: list[tuple[str, str]] = field(default_factory=list)
    clock: FakeClock | None = None
    listener: Listener | None = None
    forgetful: bool = False
    waiting: int = 0
    groups: dict[str, tuple[str, list[str]]] = field(default_factory=dict)
    """What a platform that may lose news answers when it is asked: name and member ids by group."""
    siblings: frozenset[str] = frozenset()
    echoing: bool = False
    """Whether the account is told of its own messages, as WeChat does."""
    swallow_next: int = 0
    """How many messages are taken and never appear."""
    unshowable: bool = False
    """Whether it can send words alone."""
    called: dict[tuple[str, str], str] = field(default_factory=dict)
    """What people call themselves in a group, by group and id."""
    shown: dict[str, Person] = field(default_factory=dict)
    """How contacts look that are not called by their id."""
    _count: int = 0

    def person(self, id_: str) -> Person:
        return self.shown.get(id_, Person(id_, id_))

    def refuse_next(self, reason: str = "对方不是好友") -> None:
        self.fate_next.append(SendRefused(reason))

    def doubt_next(self, reason: str = "超时") -> None:
        self.fate_next.append(SendUnknown(reason))

    def fail_next(self, error: Exception) -> None:
        self.fate_next.append(error)

    async def send(self, to: Address, text: str, mentions: Sequence[str] = ()) -> str:
        if self.fate_next:
            raise self.fate_next.pop(0)
        self._count += 1
        id_, at = f"wx-{self._count}", self.clock.now() if self.clock else 0
        if self.swallow_next:
            self.swallow_next -= 1
            return id_
        self.sent.append(Sent(to, text, tuple(mentions), at))
        if self.echoing:
            await self.tell(EchoHeard(at, id_, to, text))
        return id_

    async def show(self, to: Address, attachment: Attachment) -> str:
        if self.unshowable:
            raise SendRefused("网关不支持")
        return await self.send(to, f"{attachment.kind}:{attachment.name}")

    async def start(self, listener: Listener) -> None:
        self.listener = listener
        if self.clock is not None:
            await listener(ConnectionHeard(self.clock.now(), "up", self.account))

    async def stop(self) -> None:
        self.listener = None

    async def tell(self, heard: Heard) -> None:
        """Something happens on the platform; nobody hears of it while the bot is away."""
        if self.listener is not None:
            await self.listener(heard)

    async def roster(self, group: str) -> RosterHeard:
        if group not in self.groups:
            raise SendRefused("没有这个群")
        name, people = self.groups[group]
        return RosterHeard(self.clock.now() if self.clock else 0, group, name, tuple(map(self.person, people)))

    async def nicknames(self, group: str, people: Collection[str]) -> dict[str, str]:
        return {one: self.called[group, one] for one in people if (group, one) in self.called}

    async def remove(self, group: str, person: str) -> None:
        if not self.owner:
            raise SendRefused("不是群主")
        self.removed.append((group, person))

    async def is_friend(self, person: str) -> bool:
        return True

    def know(self, accounts: Collection[str]) -> None:
        self.siblings = frozenset(accounts)
