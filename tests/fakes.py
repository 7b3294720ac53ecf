"""Small stand-ins with a state of their own: a chat platform that remembers what was sent, a clock in the hand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.instants import Instant
from bot.ports import Address, ConnectionHeard, Heard, Listener, Person, SendRefused, SendUnknown


class FakeClock:
    """A clock that stands until it is moved, forward only."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at

    def move_to(self, at: Instant) -> None:
        assert at >= self.at, "time goes forward only"
        self.at = at


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that left."""

    at: Instant
    to: Address
    text: str
    mentions: tuple[str, ...] = ()


class FakeChat:
    """A bot.ports.Chat. `sent` is everything that left, also what the sender was left in doubt about.

    refuse_next, unknown_next: how many of the next sends are refused (nothing leaves) or end in doubt (it leaves).
    """

    def __init__(self, clock: FakeClock, account: str = "bot") -> None:
        self.account: str | None = None
        self.sent: list[Sent] = []
        self.refuse_next = self.unknown_next = 0
        self.friends: set[str] = set()
        self.groups: dict[str, list[str]] = {}
        self.removed: list[tuple[str, str]] = []
        self._clock, self._login = clock, account
        self._listener: Listener | None = None

    async def start(self, listener: Listener) -> None:
        self.account, self._listener = self._login, listener
        await listener(ConnectionHeard(self._clock.now(), "up", self._login))

    async def stop(self) -> None:
        self._listener = None

    async def tell(self, heard: Heard) -> None:
        """Something happens on the platform; the bot hears of it when it listens."""
        if self._listener is not None:
            await self._listener(heard)

    async def send(self, to: Address, text: str, mentions: Sequence[str] = ()) -> str:
        assert self._listener is not None, "said after stop"
        if self.refuse_next:
            self.refuse_next -= 1
            raise SendRefused("平台拒绝")
        self.sent.append(Sent(self._clock.now(), to, text, tuple(mentions)))
        if self.unknown_next:
            self.unknown_next -= 1
            raise SendUnknown("超时")
        return f"platform-{len(self.sent)}"

    async def people(self, group: str) -> list[Person]:
        return [Person(one, one) for one in self.groups.get(group, [])]

    async def remove(self, group: str, person: str) -> None:
        if person not in self.groups.get(group, []):
            raise SendRefused("此人不在群里")
        self.groups[group].remove(person)
        self.removed.append((group, person))

    async def is_friend(self, person: str) -> bool:
        return person in self.friends
