"""Finding words that could become tags, and taking one up (RULEBOOK §8 by bot.core.suggested).

Read are the texts still there of the last 30 days; who refused to be profiled is left out. Nobody's name is proposed:
no nickname, no part of one, no word that the tagger takes for a person's name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.core.instants import DAY, Instant
from bot.core.suggested import WINDOW_DAYS, Proposal, count_words, propose
from bot.ports import Reader
from bot.services import consent, rulesets, words
from bot.services.rulesets import Draft
from storage.repositories.suggestions import SuggestionRow
from storage.unit_of_work import UnitOfWork

MOST = 20
PATH = "自定义/常聊"
USES = 3
"""Messages with an adopted word within 90 days that make a member hold its tag."""
_RUN = re.compile(r"\w+")
SHORT_NAME = 4
"""Characters of a nickname whose parts are names too."""


@dataclass(frozen=True, slots=True)
class Screen:
    """What words are asked about: who reads them, and which words may name no tag (PIPL Art. 28)."""

    reader: Reader
    protected: Callable[[str], str | None]


def find(uow: UnitOfWork, screen: Screen, at: Instant) -> list[Proposal]:
    """The proposals as of an instant, the best first; adopted words are none."""
    spoken = count_words(_said(uow, screen.reader, at))
    found = propose(spoken, _fits(uow, screen))
    names = screen.reader.names_among([one.word for one in found])
    return [one for one in found if one.word not in names][:MOST]


def _said(uow: UnitOfWork, reader: Reader, at: Instant) -> Iterator[tuple[str, list[str]]]:
    refused: dict[str, bool] = {}
    for row in uow.events.texts_between(at - WINDOW_DAYS * DAY, at):
        member = row.member or ""
        if member not in refused:
            refused[member] = consent.refused(uow, member, "behaviour")
        if not refused[member]:
            yield member, reader.content_words(row.text or "")


def _fits(uow: UnitOfWork, screen: Screen) -> Callable[[str], bool]:
    taken = set(uow.suggestions.adopted())
    called = {run.lower() for name in uow.members.every_name() for run in _RUN.findall(name)}
    short = [name for name in called if 2 <= len(name) <= SHORT_NAME]

    def fits(word: str) -> bool:
        if word in taken or word.lower() in called or screen.protected(word):
            return False
        return not any(word in name or name in word for name in short)

    return fits


def store(uow: UnitOfWork, found: list[Proposal], at: Instant) -> None:
    """Put the proposals of this week in the place of last week's."""
    uow.suggestions.replace_open(SuggestionRow(one.word, one.members, one.messages, one.score, at) for one in found)


def block_of(word: str) -> str:
    """The custom tag that an adopted word becomes, as it stands in the rule-set file."""
    return f'\n[[custom]]\npath = "{PATH}"\nvalue = "{word}"\nwhen = \'words["{word}"] >= {USES}\'\n'


def adopt(uow: UnitOfWork, row: SuggestionRow, draft: Draft, now: Instant, actor: str) -> int:
    """Take a word up: a new version of the rules with its tag, and its past uses as facts. Returns the version.

    Raises Refused while a sweep is under way.
    """
    uow.suggestions.adopt(row.number, now, actor)
    words.read_back(uow, row.word, now)
    return rulesets.activate(uow, draft, now, actor, f"采纳建议的标签「{row.word}」")
