"""The values of one newcomer's conversation: where it stands, what one turn says and records."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.core.answers.tables import AnswerTables, Minor
from bot.core.instants import DAY, HOUR, Instant, Span

PROFILE = "profile"
"""Name of the first step and of the consent purpose for 人口属性."""
MARKETING = "marketing"
"""Name of the last step and of the consent purpose for pushes."""

Status = Literal["asking", "done", "declined", "expired"]


@dataclass(frozen=True, slots=True)
class QuestionnaireRules:
    """remind_after, expire_after: silence after a question, in microseconds. repeats: times a question is repeated
    when the answer is not understood. most_prompts: bound of what the bot says in one conversation."""

    remind_after: Span = 24 * HOUR
    expire_after: Span = 7 * DAY
    repeats: int = 2
    most_prompts: int = 40


@dataclass(frozen=True, slots=True)
class Questionnaire:
    """One version of the questionnaire: the consent for `profile`, the questions in order, the consent for pushes."""

    version: str
    order: tuple[str, ...]
    tables: AnswerTables
    rules: QuestionnaireRules = QuestionnaireRules()

    @property
    def steps(self) -> tuple[str, ...]:
        return (PROFILE, *self.order, MARKETING)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Where one member's conversation stands. It holds no answers, only which questions are behind.

    asked_at: when the present question was asked first; reminded_at: when the one reminder was given.
    misses: answers to the present question that were not understood; prompts: turns in which the bot spoke.
    """

    version: str
    step: str
    asked_at: Instant
    status: Status = "asking"
    reminded_at: Instant | None = None
    answered: tuple[str, ...] = ()
    misses: int = 0
    prompts: int = 0
    minor: Minor | None = None

    def as_dict(self) -> dict[str, Any]:
        return asdict(self)


def conversation_from(data: Mapping[str, Any]) -> Conversation:
    """The conversation that `as_dict` (also by way of JSON) wrote down."""
    return Conversation(**{**data, "answered": tuple(data.get("answered", ()))})


@dataclass(frozen=True, slots=True)
class Reply:
    """One text to say: message key and parameters."""

    key: str
    params: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ConsentFact:
    """A consent event to record."""

    purposes: tuple[str, ...]
    granted: bool


@dataclass(frozen=True, slots=True)
class AnswerFact:
    """An answer event to record."""

    question: str
    value: str


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: the conversation afterwards, the texts to say (together, one message) and the facts to record.

    `conversation` None: keep nothing of it. `erase`: erase whatever is kept of this member (a child under 14).
    """

    conversation: Conversation | None
    replies: tuple[Reply, ...] = ()
    facts: tuple[ConsentFact | AnswerFact, ...] = ()
    erase: bool = False
