"""What a conversation with a member needs of the rest: the texts, the questionnaire, the time, and the words said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol

from bot.core.conversation import Questionnaire
from bot.core.instants import Instant
from bot.ports import Address


class Texts(Protocol):
    """What the bot says, by key."""

    def text(self, key: str, **params: str | int) -> str: ...

    def joined(self, replies: Iterable[Any]) -> str: ...

    @property
    def privacy_version(self) -> str: ...


class Asks(Protocol):
    """Where the questionnaire comes from."""

    @property
    def questionnaire(self) -> Questionnaire: ...


class Host(Protocol):
    """What of the house a conversation needs."""

    @property
    def messages(self) -> Texts: ...

    @property
    def onboarding(self) -> Asks: ...

    def now(self) -> Instant: ...


@dataclass(frozen=True, slots=True)
class Said:
    """Words of a member to the bot: the message's id, its instant, where it was said (`group` None: directly)."""

    id: str
    at: Instant
    member: str
    group: str | None
    text: str

    @property
    def place(self) -> Address:
        return Address("direct", self.member) if self.group is None else Address("group", self.group)
