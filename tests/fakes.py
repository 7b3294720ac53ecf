"""Fakes that are small products with a state of their own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports import Address, Listener, Person, SendRefused, SendUnknown


@dataclass(frozen=True)
class Sent:
    """A message that went out."""

    to: Address
    text: str
    mentions: tuple[str, ...]


@dataclass
class FakeChat:
    """A platform that keeps what it is told. `fate_next`: what becomes of the next sends instead of arriving."""

    account: str | None = "bot"
    sent: list[Sent] = field(default_factory=list)
    fate_next: list[Exception] = field(default_factory=list)

    def refuse_next(self, reason: str = "对方不是好友") -> None:
        self.fate_next.append(SendRefused(reason))

    def doubt_next(self, reason: str = "超时") -> None:
        self.fate_next.append(SendUnknown(reason))

    def fail_next(self, error: Exception) -> None:
        self.fate_next.append(error)

    async def send(self, to: Address, text: str, mentions: Sequence[str] = ()) -> str:
        if self.fate_next:
            raise self.fate_next.pop(0)
        self.sent.append(Sent(to, text, tuple(mentions)))
        return f"wx-{len(self.sent)}"

    async def start(self, listener: Listener) -> None:
        pass

    async def stop(self) -> None:
        pass

    async def people(self, group: str) -> list[Person]:
        return []

    async def remove(self, group: str, person: str) -> None:
        raise SendRefused("不是群主")

    async def is_friend(self, person: str) -> bool:
        return True
