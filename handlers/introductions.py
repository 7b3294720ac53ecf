"""Self-introductions in free text (RULEBOOK §1): each base attribute found is a fact of its own beside the message.

Whether it may be kept is the intake's business (consent); here the text is only read, and most texts not even that.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from zoneinfo import ZoneInfo

from bot.core.answers import Answer
from bot.core.answers.tables import AnswerTables
from bot.core.events import Event
from bot.core.instants import to_datetime
from bot.core.introduction import may_introduce, read_introduction

INTRODUCTION = "introduction"


class Introductions:
    """Reads introductions with the deployment's tables and tokenizer."""

    def __init__(self, tables: AnswerTables, words: Callable[[str], list[str]], zone: ZoneInfo) -> None:
        self._tables, self._words, self._zone = tables, words, zone

    def draw(self, event: Event) -> tuple[Event, ...]:
        """The facts that a message states of its author, ids derived from the message's."""
        text = event.text or ""
        if event.group is None or not may_introduce(text):
            return ()
        found = read_introduction(text, self._words(text), self._tables, self._day(event))
        if any(answer.minor in ("under14", "unclear") for answer in found.values()):
            return (_fact(event, "age", {"minor": "under14"}),) if _states_child(found) else ()
        return tuple(_fact(event, question, _body(question, answer)) for question, answer in found.items())

    def _day(self, event: Event) -> date:
        return to_datetime(event.at, self._zone).date()


def _states_child(found: dict[str, Answer]) -> bool:
    return any(answer.minor == "under14" for answer in found.values())


def _body(question: str, answer: Answer) -> dict[str, object]:
    body: dict[str, object] = {"question": question, "value": answer.value}
    if answer.minor is not None:
        body["minor"] = answer.minor
    return body


def _fact(event: Event, name: str, body: dict[str, object]) -> Event:
    return Event(INTRODUCTION, f"{event.id}#{name}", event.at, event.member, event.group, body)
