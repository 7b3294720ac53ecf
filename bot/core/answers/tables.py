"""The tables an answer is read by, and what reading yields. They come from config; here are only their shapes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from bot.core.region import RegionTable

Minor = Literal["under14", "14-17", "unclear"]
"""`unclear`: a minor, or perhaps one, who may be under 14 ("未成年", "10后"): ask for the age."""


@dataclass(frozen=True, slots=True)
class Answer:
    """One understood answer.

    value: the canonical value of RULEBOOK §1; None only when `minor` is "under14" or "unclear": nothing to keep.
    minor: what the answer says about being under 18, None for adults and answers that say nothing.
    exact_age: whole years, when an age or a year of birth was stated.
    """

    value: str | None
    minor: Minor | None = None
    exact_age: int | None = None


@dataclass(frozen=True, slots=True)
class Option:
    """One choice a question shows. `label` is shown, `value` is stored, `words` are ways to say it (compact)."""

    value: str
    label: str
    words: frozenset[str] = frozenset()
    minor: Minor | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `name` is the event's question name, `path` the tag it fills ("" for a consent)."""

    name: str
    path: str
    text: str
    examples: str
    options: tuple[Option, ...] = ()


@dataclass(frozen=True, slots=True)
class SteeringWords:
    """Words that steer a conversation, normalised. The `firm_` ones count in a group without a mention."""

    skip: frozenset[str] = frozenset()
    back: frozenset[str] = frozenset()
    quit: frozenset[str] = frozenset()
    restart: frozenset[str] = frozenset()
    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()
    firm: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class OccupationTable:
    """Ways to name an occupation (lower case, no spaces) and the category each belongs to.

    places: words that name a place as well; modifiers: words allowed before an occupation;
    suffixes: endings of job names; not_jobs: words with such an ending that are no job;
    maybe_child: words that suggest a pupil under 14.
    """

    words: Mapping[str, str]
    places: frozenset[str] = frozenset()
    modifiers: frozenset[str] = frozenset()
    suffixes: tuple[str, ...] = ()
    not_jobs: frozenset[str] = frozenset()
    maybe_child: frozenset[str] = frozenset()
    longest: int = 8


@dataclass(frozen=True, slots=True)
class AnswerTables:
    """Everything `read_answer` needs."""

    regions: RegionTable
    occupations: OccupationTable
    questions: Mapping[str, Question] = field(default_factory=dict)
    steering: SteeringWords = SteeringWords()
