"""Everything onboarding needs from config: the questionnaire with its answer tables, and the texts of its questions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from pydantic import Field

from bot.core.answers.plain import compact, plain
from bot.core.answers.tables import AnswerTables, OccupationTable, Option, Question, SteeringWords
from bot.core.instants import DAY, HOUR
from bot.core.questionnaire import MARKETING, PROFILE, Questionnaire, QuestionnaireRules
from bot.errors import BadInput
from config.regions import load_regions
from config.strict import Strict, read_strict


class _Rules(Strict):
    remind_after_hours: int = Field(gt=0)
    expire_after_days: int = Field(gt=0)
    repeats: int = Field(ge=0, le=5)
    most_prompts: int = Field(ge=8, le=200)


class _Option(Strict):
    label: str = Field(min_length=1)
    value: str = ""
    words: list[str] = Field(default_factory=list)
    minor: Literal["14-17"] | None = None


class _Asked(Strict):
    """What every question has. A consent has two options: yes, then no."""

    text: str = Field(min_length=1)
    hint: str = ""
    examples: str
    options: list[_Option] = Field(default_factory=list)


class _Question(_Asked):
    name: Literal["age", "gender", "region", "occupation"]
    path: str


class _Words(Strict):
    skip: list[str]
    back: list[str]
    quit: list[str]
    restart: list[str]
    yes: list[str]
    no: list[str]
    firm: list[str]


class NewcomerFile(Strict):
    """questionnaires/newcomer.toml."""

    version: str = Field(min_length=1)
    rules: _Rules
    profile: _Asked
    marketing: _Asked
    question: list[_Question] = Field(min_length=1)
    words: _Words


class _List(Strict):
    words: list[str]


class _Suffixes(Strict):
    words: list[str]
    not_jobs: list[str]


class _Minor(Strict):
    unclear: list[str]


class OccupationFile(Strict):
    """lexicon/occupations.toml."""

    words: dict[str, list[str]]
    minor: _Minor
    places: _List
    modifiers: _List
    suffixes: _Suffixes


@dataclass(frozen=True, slots=True)
class Onboarding:
    """The questionnaire, and the text of each question by message key (to be joined to the other messages)."""

    questionnaire: Questionnaire
    texts: dict[str, str]


def load_onboarding(folder: Path) -> Onboarding:
    """Onboarding of a configuration folder. Raises BadInput naming the file and the key."""
    file = read_strict(folder / "questionnaires" / "newcomer.toml", NewcomerFile)
    names = [asked.name for asked in file.question]
    if len(set(names)) != len(names):
        raise BadInput("newcomer.toml：同一个问题出现了两次")
    questions: dict[str, Question] = {asked.name: _question(asked) for asked in file.question}
    tables = AnswerTables(load_regions(folder), load_occupations(folder), questions, _steering(file.words))
    questionnaire = Questionnaire(file.version, tuple(names), tables, _rules(file.rules))
    return Onboarding(questionnaire, _texts(file))


def load_occupations(folder: Path) -> OccupationTable:
    """The occupation table of a configuration folder. Raises BadInput."""
    file = read_strict(folder / "lexicon" / "occupations.toml", OccupationFile)
    words: dict[str, str] = {}
    for category, said in file.words.items():
        for word in said:
            if words.setdefault(_key(word), category) != category:
                raise BadInput(f"occupations.toml：“{word}”同时属于 {words[_key(word)]} 和 {category}")
        words[_key(category)] = category
    return OccupationTable(
        words=words,
        places=_keys(file.places.words),
        modifiers=_keys(file.modifiers.words),
        suffixes=tuple(sorted(file.suffixes.words, key=len, reverse=True)),
        not_jobs=_keys(file.suffixes.not_jobs),
        maybe_child=_keys(file.minor.unclear),
        longest=max(map(len, words)),
    )


def _key(word: str) -> str:
    """The form in which words are compared."""
    return compact(plain(word))


def _keys(words: list[str]) -> frozenset[str]:
    return frozenset(map(_key, words))


def _question(asked: _Question) -> Question:
    return Question(asked.name, asked.path, asked.text, asked.examples, tuple(map(_option, asked.options)))


def _option(option: _Option) -> Option:
    value = option.value or option.label
    return Option(value, option.label, _keys([*option.words, value, option.label]), option.minor)


def _steering(words: _Words) -> SteeringWords:
    return SteeringWords(**{name: _keys(said) for name, said in words.model_dump().items()})


def _rules(rules: _Rules) -> QuestionnaireRules:
    return QuestionnaireRules(
        rules.remind_after_hours * HOUR, rules.expire_after_days * DAY, rules.repeats, rules.most_prompts
    )


def _texts(file: NewcomerFile) -> dict[str, str]:
    """Message key → text: `question.age`, and `question.age.again` with the examples."""
    asked: dict[str, _Asked] = {PROFILE: file.profile, MARKETING: file.marketing}
    asked |= {one.name: one for one in file.question}
    texts: dict[str, str] = {}
    for name, one in asked.items():
        shown = "  ".join(f"{number}.{option.label}" for number, option in enumerate(one.options, 1))
        hint = f"（{one.hint}）" if one.hint else ""
        texts[f"question.{name}"] = "\n".join(filter(None, (one.text + hint, shown)))
        texts[f"question.{name}.again"] = "\n".join(filter(None, (one.text, shown, f"例如：{one.examples}")))
    return texts
