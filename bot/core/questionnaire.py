"""The newcomer questionnaire as a pure machine: a conversation and a text give the next conversation, replies, facts.

Order: privacy notice and consent for `profile`; age, gender, region, occupation; a separate consent for `marketing`,
which minors are not asked. Under 14 ends everything at once. Every conversation says at most `most_prompts` things.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta, timezone

from bot.core.answers.plain import pieces, plain
from bot.core.answers.reading import LONGEST, read_answer, read_piece, states_child
from bot.core.answers.steering import read_consent, read_steering, says
from bot.core.answers.tables import Answer, Minor
from bot.core.conversation import (
    MARKETING,
    PROFILE,
    AnswerFact,
    ConsentFact,
    Conversation,
    Questionnaire,
    QuestionnaireRules,
    Reply,
    Step,
    conversation_from,
)
from bot.core.instants import Instant, to_datetime
from bot.core.questionnaire_turns import advance, ask, close_child, repeat, stop, turn_back

__all__ = [
    "MARKETING",
    "PROFILE",
    "AnswerFact",
    "ConsentFact",
    "Conversation",
    "Questionnaire",
    "QuestionnaireRules",
    "Reply",
    "Step",
    "begin",
    "conversation_from",
    "looks_like_answer",
    "next_due",
    "on_silence",
    "respond",
]

_CHINA = timezone(timedelta(hours=8))
_CLEAR = 20
"""Characters of a text that can count as an answer without a mention."""


def begin(
    questionnaire: Questionnaire,
    now: Instant,
    direct: bool = False,
    consented: bool = False,
    minor: Minor | None = None,
) -> Step:
    """The first turn: the notice (long in a direct chat) and the consent question.

    `consented`: the consent is in force already, so start with the first question; `minor`: what is known of the age.
    """
    fresh = Conversation(questionnaire.version, PROFILE, now, minor=minor)
    if consented:
        step = ask(fresh, questionnaire.order[0], now, questionnaire, Reply("questionnaire.editing"))
    else:
        step = ask(fresh, PROFILE, now, questionnaire, Reply("privacy.long" if direct else "privacy.short"))
    return step if direct else replace(step, replies=(*step.replies, Reply("questionnaire.group_hint")))


def respond(conversation: Conversation, text: str, now: Instant, questionnaire: Questionnaire) -> Step:
    """What `text`, taken as said to the bot, does to the conversation. Never raises, whatever the text is."""
    if conversation.status != "asking":
        return Step(conversation)
    if now - conversation.asked_at >= questionnaire.rules.expire_after:
        return _expire(conversation)
    here = _located(conversation, now, questionnaire)
    if states_child(text, _today(now)):
        return close_child()
    if here.step in (PROFILE, MARKETING):
        agreed = read_consent(text, questionnaire.tables.steering)
        if agreed is not None:
            return _decide(here, agreed, now, questionnaire)
    return _steer(here, text, now, questionnaire)


def _located(conversation: Conversation, now: Instant, questionnaire: Questionnaire) -> Conversation:
    """The conversation at a step this version has: after a change of version, the first question not yet behind."""
    if conversation.step in questionnaire.steps:
        return conversation
    open_steps = (name for name in questionnaire.order if name not in conversation.answered)
    return replace(conversation, step=next(open_steps, MARKETING), version=questionnaire.version, misses=0)


def _decide(here: Conversation, agreed: bool, now: Instant, questionnaire: Questionnaire) -> Step:
    fact = ConsentFact((here.step,), agreed)
    if here.step == MARKETING:
        return stop(here, "done", "questionnaire.thanks", fact)
    if not agreed:
        return stop(here, "declined", "questionnaire.declined", fact)
    return advance(here, now, questionnaire, fact)


def _steer(here: Conversation, text: str, now: Instant, questionnaire: Questionnaire) -> Step:
    wish = read_steering(text, questionnaire.tables.steering)
    if wish is None:
        return _take(here, text, now, questionnaire)
    if here.minor == "unclear":
        return close_child()
    if wish == "back":
        return turn_back(here, now, questionnaire)
    if wish == "restart":
        first = PROFILE if here.step == PROFILE else questionnaire.order[0]
        return ask(here, first, now, questionnaire, Reply("questionnaire.editing"))
    if here.step == PROFILE:
        return stop(here, "declined", "questionnaire.declined")
    if wish == "quit":
        return stop(here, "done", "questionnaire.stopped")
    return _skip(here, now, questionnaire)


def _skip(here: Conversation, now: Instant, questionnaire: Questionnaire) -> Step:
    if here.step == MARKETING:
        return stop(here, "done", "questionnaire.thanks")
    return advance(here, now, questionnaire)


def _take(here: Conversation, text: str, now: Instant, questionnaire: Questionnaire) -> Step:
    """Read the answer to the present question; the rest of the text may answer the questions after it."""
    today = _today(now)
    answer = None if here.step in (PROFILE, MARKETING) else _read(here.step, text, questionnaire, today)
    if answer is None:
        return repeat(here, now, questionnaire)
    if answer.minor == "under14":
        return close_child()
    if answer.minor == "unclear" and (here.step == "age" or "age" not in here.answered):
        return repeat(replace(here, step="age", minor="unclear"), now, questionnaire)
    known, facts = _record(here, answer)
    return _take_more(known, facts, text, now, questionnaire)


def _read(question: str, text: str, questionnaire: Questionnaire, today: date) -> Answer | None:
    answer = read_answer(question, text, questionnaire.tables, today)
    if answer:
        return answer
    said = (read_piece(question, part, questionnaire.tables, today, True) for part in _pieces(text))
    return next((found for found in said if found), None)


def _pieces(text: str) -> tuple[str, ...]:
    said = plain(text, LONGEST + 1)
    return pieces(said) if len(said) <= LONGEST else ()


def _record(here: Conversation, answer: Answer) -> tuple[Conversation, AnswerFact | None]:
    minor = answer.minor if here.step == "age" else here.minor
    known = replace(here, answered=(*here.answered, here.step), minor=minor)
    return known, AnswerFact(here.step, answer.value) if answer.value else None


def _take_more(
    here: Conversation, first: AnswerFact | None, text: str, now: Instant, questionnaire: Questionnaire
) -> Step:
    """Answers in the same breath ("28 男 杭州 程序员"): each further piece may answer the question that is next."""
    facts = [first] if first else []
    said = [part for part in _pieces(text) if not part.isdigit()]
    ahead = questionnaire.order[questionnaire.order.index(here.step) + 1 :] if len(said) > 1 else ()
    for name in ahead:
        found = (read_piece(name, part, questionnaire.tables, _today(now), strict=True) for part in said)
        answer = next((one for one in found if one and one.value and one.minor != "unclear"), None)
        if answer is None:
            break
        here, fact = _record(replace(here, step=name), answer)
        facts += [fact] if fact else []
    return advance(here, now, questionnaire, *facts)


def looks_like_answer(conversation: Conversation, text: str, questionnaire: Questionnaire, addressed: bool) -> bool:
    """Whether `text` is meant for the conversation. `addressed`: a direct chat, a mention of the bot or a reply to it.

    In a group without a mention only a short text that is a clear answer counts: never an option number or "好的".
    """
    if conversation.status != "asking":
        return False
    if addressed:
        return True
    said = "".join(pieces(plain(text, 60)))
    if not said or len(said) > _CLEAR:
        return False
    if says(said, questionnaire.tables.steering.firm):
        return True
    today = _today(conversation.asked_at)
    return read_answer(conversation.step, text, questionnaire.tables, today, strict=True) is not None


def next_due(conversation: Conversation, rules: QuestionnaireRules) -> Instant | None:
    """When `on_silence` has something to do; None for a conversation that is over."""
    if conversation.status != "asking":
        return None
    wait = rules.remind_after if conversation.reminded_at is None else rules.expire_after
    return conversation.asked_at + min(wait, rules.expire_after)


def on_silence(conversation: Conversation, now: Instant, questionnaire: Questionnaire) -> Step | None:
    """The one reminder, or the end of a conversation nobody answers; None when nothing is due."""
    due = next_due(conversation, questionnaire.rules)
    if due is None or now < due:
        return None
    if now - conversation.asked_at >= questionnaire.rules.expire_after:
        return _expire(conversation)
    here = _located(conversation, now, questionnaire)
    reminded = replace(here, reminded_at=now, prompts=here.prompts + 1)
    return Step(reminded, (Reply("questionnaire.reminder"), Reply(f"question.{here.step}")))


def _expire(conversation: Conversation) -> Step:
    """Silence for too long. Who may be a child leaves nothing behind."""
    if conversation.minor == "unclear":
        return Step(None, erase=True)
    return Step(replace(conversation, status="expired"))


def _today(now: Instant) -> date:
    return to_datetime(now, _CHINA).date()
