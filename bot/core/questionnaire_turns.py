"""The moves of the questionnaire: ask, go on, go back, repeat, stop, and close for a child."""

from __future__ import annotations

from dataclasses import replace

from bot.core.conversation import (
    MARKETING,
    PROFILE,
    AnswerFact,
    ConsentFact,
    Conversation,
    Questionnaire,
    Reply,
    Status,
    Step,
)
from bot.core.instants import Instant


def ask(
    here: Conversation,
    step: str,
    now: Instant,
    questionnaire: Questionnaire,
    lead: Reply | None = None,
    facts: tuple[ConsentFact | AnswerFact, ...] = (),
) -> Step:
    """Ask the question `step` after the words `lead`; past the bound of prompts the conversation stops instead."""
    if here.prompts >= questionnaire.rules.most_prompts:
        return stop(here, "done", "questionnaire.stopped", *facts)
    asked = replace(here, step=step, asked_at=now, misses=0, prompts=here.prompts + 1)
    question = Reply(f"question.{step}")
    return Step(asked, (lead, question) if lead else (question,), facts)


def advance(
    here: Conversation,
    now: Instant,
    questionnaire: Questionnaire,
    *facts: ConsentFact | AnswerFact,
    lead: Reply | None = None,
) -> Step:
    """On to the question after the present one; minors are not asked about pushes, and never get any."""
    following = questionnaire.steps[questionnaire.steps.index(here.step) + 1]
    if following == MARKETING and here.minor:
        return stop(here, "done", "questionnaire.thanks", *facts, ConsentFact((MARKETING,), False))
    return ask(here, following, now, questionnaire, lead, facts)


def turn_back(here: Conversation, now: Instant, questionnaire: Questionnaire) -> Step:
    """The question before the present one; at the first one, that one again."""
    place = questionnaire.steps.index(here.step)
    if place <= 1:
        return ask(here, here.step, now, questionnaire, Reply("questionnaire.first"))
    return ask(here, questionnaire.steps[place - 1], now, questionnaire)


def repeat(here: Conversation, now: Instant, questionnaire: Questionnaire) -> Step:
    """Not understood: the question again with examples, at most `repeats` times, then on without an answer."""
    if here.misses >= questionnaire.rules.repeats or here.prompts >= questionnaire.rules.most_prompts:
        return _give_up(here, now, questionnaire)
    again = replace(here, asked_at=now, misses=here.misses + 1, prompts=here.prompts + 1)
    if here.minor == "unclear" and here.step == "age":
        return Step(again, (Reply("questionnaire.ask_years"),))
    return Step(again, (Reply("questionnaire.not_understood"), Reply(f"question.{here.step}.again")))


def _give_up(here: Conversation, now: Instant, questionnaire: Questionnaire) -> Step:
    if here.minor == "unclear":
        return close_child()
    if here.step == PROFILE:
        return stop(here, "declined", "questionnaire.declined")
    if here.step == MARKETING:
        return stop(here, "done", "questionnaire.thanks")
    return advance(here, now, questionnaire, lead=Reply("questionnaire.moved_on"))


def stop(here: Conversation, status: Status, key: str, *facts: ConsentFact | AnswerFact) -> Step:
    """The last words of a conversation that ends with `status`."""
    return Step(replace(here, status=status, prompts=here.prompts + 1), (Reply(key),), facts)


def close_child() -> Step:
    """A child under 14, or one who may be: everything is erased, one neutral sentence is said."""
    return Step(None, (Reply("questionnaire.child_closing"),), erase=True)
