"""The doors of the house: what the inside asks of the outside, and what the outside tells it.

Everything heard on a platform is one of the values of bot.ports.heard; everything said goes through `Chat.send`, and
only the outbox calls it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import NamedTuple, Protocol

from bot.core.adverts import AdRules
from bot.core.attachments import Attachment
from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.parts import MessageParts, Reading
from bot.ports.heard import (
    Address,
    ConnectionHeard,
    EchoHeard,
    FriendHeard,
    GroupEntered,
    GroupLeft,
    GroupsHeard,
    Heard,
    JoinHeard,
    LeaveHeard,
    Listener,
    MessageHeard,
    Person,
    RosterHeard,
    ThrottleHeard,
    WithdrawHeard,
)

__all__ = [
    "Address",
    "Chat",
    "Clock",
    "ConnectionHeard",
    "EchoHeard",
    "FriendHeard",
    "GroupEntered",
    "GroupLeft",
    "GroupsHeard",
    "Heard",
    "JoinHeard",
    "LeaveHeard",
    "Lesson",
    "Listener",
    "MessageHeard",
    "Person",
    "Reader",
    "RosterHeard",
    "SendRefused",
    "SendUnknown",
    "ThrottleHeard",
    "Tokenizer",
    "Traces",
    "WithdrawHeard",
]


class Clock(Protocol):
    """Where the time comes from; the local group's clock can be moved by hand."""

    def now(self) -> Instant: ...


class Tokenizer(Protocol):
    """A word segmenter with a dictionary of its own (never jieba's process-global one)."""

    engine: str
    """Name and version of the engine, e.g. "jieba 0.42.1"."""

    @property
    def digest(self) -> str:
        """Hash of the dictionary and user words, recorded with what it produced."""
        ...

    def words(self, text: str) -> list[str]: ...

    def words_of(self, texts: Sequence[str]) -> list[list[str]]:
        """`words` of each text; many at once may cost less."""
        ...

    def knows(self, word: str) -> bool:
        """Whether it is a word of the dictionary now."""
        ...

    def teach(self, changes: Mapping[str, bool | None]) -> None:
        """From now on keep a word whole (True), split it (False), or treat it as configured (None)."""
        ...


class Lesson(NamedTuple):
    """A learned change of the models, with F1 and false alarms of the adverts on the frozen set."""

    weights: bytes
    f1: float
    false_alarms: int


class Reader(Protocol):
    """Reads a message's text once and yields everything that is a function of it alone."""

    def read(
        self,
        text: str,
        kind: str = "text",
        mentions: Sequence[str] = (),
        is_reply: bool = False,
        ads: AdRules | None = None,
    ) -> MessageParts:
        """`ads`: weights and bars of the advert verdict, None for the defaults."""
        ...

    def foresee(self, texts: Sequence[str]) -> None:
        """Told of texts that will be read next, so that what is cheaper for many at once can be done once."""
        ...

    @property
    def reading(self) -> Reading:
        """Engine and dictionary as they are now, recorded with what they produced."""
        ...

    def knows(self, word: str) -> bool:
        """Whether it is a word of the dictionary now."""
        ...

    def teach(self, changes: Mapping[str, bool | None]) -> None:
        """As `Tokenizer.teach`."""
        ...

    def learn(self, samples: Sequence[tuple[str, bool | str]]) -> Lesson | None:
        """What texts teach by whether they are adverts, or by their topics; None when it may not be used.

        The reader stays as it is.
        """
        ...

    def use(self, weights: bytes | None) -> None:
        """From now on judge with a learned change, or with the shipped models alone."""
        ...

    def content_words(self, text: str) -> list[str]:
        """The words of a text that carry content: no filler, no stop words."""
        ...

    def names_among(self, words: Collection[str]) -> set[str]:
        """Those of `words` that are people's names."""
        ...


class Traces(Protocol):
    """Reads what a click or a position tells of a member, before anything is written down."""

    def draw(self, event: Event) -> tuple[Event, tuple[Event, ...]]:
        """The event without address, User-Agent and coordinates, and the facts they tell."""
        ...

    def ready(self) -> object:
        """Load what is needed to read. Raises BadInput for a configuration that cannot be used."""
        ...


class SendRefused(Exception):
    """The platform said no before anything left: the message was certainly not delivered."""


class SendUnknown(Exception):
    """It cannot be known whether the message left (time-out, broken connection)."""


class Chat(Protocol):
    """One account on one platform."""

    @property
    def account(self) -> str | None:
        """The account's own contact id, None while it can neither hear nor speak."""
        ...

    @property
    def forgetful(self) -> bool:
        """Whether the platform may lose joins, leaves and renames, so that it has to be asked."""
        ...

    @property
    def waiting(self) -> int:
        """How many things the platform told that the listener has not been told yet."""
        ...

    async def start(self, listener: Listener) -> None:
        """Connect and tell `listener` everything heard, until `stop`."""
        ...

    async def stop(self) -> None: ...

    async def send(self, to: Address, text: str, mentions: Sequence[str] = ()) -> str:
        """Say `text`; returns the platform's message id. Raises SendRefused or SendUnknown."""
        ...

    async def show(self, to: Address, attachment: Attachment) -> str:
        """Send a picture or a card; returns the platform's message id. Raises SendRefused or SendUnknown."""
        ...

    async def roster(self, group: str) -> RosterHeard:
        """The group as it is now. Raises SendRefused when it cannot be learned."""
        ...

    async def nicknames(self, group: str, people: Collection[str]) -> Mapping[str, str]:
        """What these call themselves in the group (群昵称), by id; without those of whom that cannot be learned."""
        ...

    async def remove(self, group: str, person: str) -> None:
        """Put a person out of a group. Raises SendRefused where the account may not."""
        ...

    async def is_friend(self, person: str) -> bool: ...

    def know(self, accounts: Collection[str]) -> None:
        """Ids of all accounts of the deployment: who mentions one of them speaks to the bot."""
        ...
