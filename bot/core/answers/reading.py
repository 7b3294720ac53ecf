"""One door for reading an answer to one question."""

from __future__ import annotations

from datetime import date

from bot.core.answers.age import read_age
from bot.core.answers.gender import read_gender
from bot.core.answers.numbers import read_choice, read_number
from bot.core.answers.occupation import read_occupation
from bot.core.answers.plain import clauses, compact, plain
from bot.core.answers.tables import Answer, AnswerTables, Question
from bot.core.region import read_region

LONGEST = 120
"""Plain characters of a text that can be an answer; a longer one is talk."""

_SELF = ("我", "本人", "俺", "今年")


def read_answer(question: str, text: str, tables: AnswerTables, today: date, strict: bool = False) -> Answer | None:
    """What `text` answers to the question of that name: the whole text first, then its clauses. None: not understood.

    `strict` is for text that was not said to the bot: no option numbers, no bare clauses, known words only.
    Skipping and other steering words are not answers (see bot.core.answers.steering).
    """
    said = plain(text, LONGEST + 1)
    if not said or len(said) > LONGEST:
        return None
    whole = read_piece(question, compact(said), tables, today, strict)
    if whole or strict:
        return whole
    found = (read_piece(question, part, tables, today, strict=True) for part in clauses(said))
    return next((answer for answer in found if answer), None)


def read_piece(question: str, part: str, tables: AnswerTables, today: date, strict: bool = False) -> Answer | None:
    """What one compact piece of text answers."""
    asked = tables.questions.get(question)
    answer = _say(question, part, tables, today, strict)
    if answer or asked is None or strict:
        return answer
    return _choose(asked, part)


def states_child(text: str, today: date) -> bool:
    """Whether the text itself says, in so many words, that its author is under 14 ("我12岁")."""
    said = clauses(plain(text, LONGEST))
    own = said if len(said) == 1 else tuple(part for part in said if part.startswith(_SELF))
    ages = (read_age(part, today, bare=False) for part in own)
    return any(age is not None and age.minor == "under14" for age in ages)


def _say(question: str, part: str, tables: AnswerTables, today: date, strict: bool) -> Answer | None:
    if question == "age":
        return read_age(part, today) if not _is_option(part, tables) else None
    if question == "gender":
        asked = tables.questions.get(question)
        return read_gender(part, asked.options if asked else ())
    if question == "region":
        place = read_region(part, tables.regions, strict)
        return Answer(place) if place else None
    return read_occupation(part, tables.occupations, strict) if question == "occupation" else None


def _is_option(part: str, tables: AnswerTables) -> bool:
    """Whether a bare number names an option of the age question rather than an age."""
    asked = tables.questions.get("age")
    number = read_number(part)
    return number is not None and 1 <= number <= len(asked.options if asked else ())


def _choose(asked: Question, part: str) -> Answer | None:
    index = read_choice(part, len(asked.options))
    named = (option for option in asked.options if part in option.words)
    option = next(named, None) if index is None else asked.options[index]
    return Answer(option.value, option.minor) if option else None
