"""The questionnaire on one page: every box is read as the same words would be in the conversation.

What is written in a question's own box wins over what a longer answer says besides. As long as a box cannot be read
nothing is recorded, except that somebody may be a child: that is kept, as in the conversation.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.core.answers.steering import read_consent, read_steering
from bot.core.conversation import MARKETING, PROFILE, AnswerFact, ConsentFact, Conversation, Questionnaire, Step
from bot.core.instants import Instant
from bot.core.questionnaire import respond
from bot.core.questionnaire_turns import close_child, stop

_SKIP = "跳过"
_AGE = "age"
UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A page filled in. step: what follows of it, None while nothing does. misread: questions to be answered again;
    of `age` the years are asked for when it may be a child's."""

    step: Step | None
    misread: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reading:
    """A page as far as it is read."""

    here: Conversation
    said: Mapping[str, str]
    now: Instant
    questionnaire: Questionnaire
    answers: dict[str, AnswerFact]
    misread: list[str]

    def turn(self, step: str, text: str, misses: int = 0) -> Step:
        """What `text` does when it answers the question `step`."""
        asked = replace(self.here, step=step, asked_at=self.now, prompts=0, misses=misses)
        return respond(asked, text, self.now, self.questionnaire)

    def wish(self, name: str) -> str:
        """The words of a box; "" where it is left empty, or holds a word that steers the conversation."""
        text = self.said.get(name, "").strip()
        return "" if read_steering(text, self.questionnaire.tables.steering) else text


def fill(conversation: Conversation, said: Mapping[str, str], now: Instant, questionnaire: Questionnaire) -> Sheet:
    """Read a page: `said` by question. Never raises, whatever the texts are."""
    if now - conversation.asked_at >= questionnaire.rules.expire_after:
        return Sheet(respond(conversation, _SKIP, now, questionnaire))
    reading = _Reading(conversation, said, now, questionnaire, {}, [])
    told = (reading.turn(conversation.step, text) for text in said.values() if text)
    child = next((step for step in told if step.erase), None)
    if child is not None and conversation.minor != UNCLEAR:
        return Sheet(child)
    agreed: tuple[ConsentFact, ...] = ()
    if conversation.step == PROFILE:
        if read_consent(said.get(PROFILE, ""), questionnaire.tables.steering) is None:
            return Sheet(None, (PROFILE,))
        first = reading.turn(PROFILE, said[PROFILE])
        if first.conversation is None or first.conversation.status != "asking":
            return Sheet(first)
        agreed = (ConsentFact((PROFILE,), True),)
    return _questions(reading, agreed)


def _questions(reading: _Reading, agreed: tuple[ConsentFact, ...]) -> Sheet:
    for name in reading.questionnaire.order:
        last = _question(reading, name)
        if last is not None:
            return Sheet(last)
    if reading.misread:
        unsure = reading.here.minor == UNCLEAR
        return Sheet(Step(reading.here, facts=agreed) if unsure else None, tuple(dict.fromkeys(reading.misread)))
    end = _pushes(reading)
    return Sheet(replace(end, facts=(*agreed, *reading.answers.values(), *end.facts)))


def _question(reading: _Reading, name: str) -> Step | None:
    """Read one box; a step that ends everything at once, or None."""
    text, unsure = reading.wish(name), name == _AGE and reading.here.minor == UNCLEAR
    if not text:
        return close_child() if unsure else None
    step = reading.turn(name, text, reading.here.misses if unsure else 0)
    if step.erase or step.conversation is None:
        return step
    after = step.conversation
    if after.minor == UNCLEAR and after.step == _AGE:
        reading.here = after
        reading.misread.append(_AGE)
    elif after.step == name and after.status == "asking":
        reading.misread.append(name)
    else:
        _note(reading, name, step, after)
    return None


def _note(reading: _Reading, name: str, step: Step, after: Conversation) -> None:
    minor = after.minor if name == _AGE else reading.here.minor
    reading.here = replace(reading.here, answered=(*reading.here.answered, name), minor=minor)
    for fact in step.facts:
        if isinstance(fact, AnswerFact) and (fact.question == name or not reading.wish(fact.question)):
            reading.answers[fact.question] = fact


def _pushes(reading: _Reading) -> Step:
    """The last question; minors are not asked, and never get any."""
    if reading.here.minor:
        return stop(reading.here, "done", "questionnaire.thanks", ConsentFact((MARKETING,), False))
    agreed = read_consent(reading.said.get(MARKETING, ""), reading.questionnaire.tables.steering)
    words = _SKIP if agreed is None else reading.said[MARKETING]
    return reading.turn(MARKETING, words)
