"""Buttons of a member's page: each gives the very command that the member would send to the bot.

The command's facts, its audit and its refusals are those of the chat; only its answer stands on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.ports import Address, MessageHeard, Person
from bot.services.intake import Prepared
from bot.services.passes import Line
from handlers.commands import COMMANDS
from handlers.commands.spec import Asked, Command, carry_out
from handlers.house import House
from handlers.translation import message
from handlers.turn import record
from storage.unit_of_work import UnitOfWork

BY_WORD = {command.word: command for command in COMMANDS}


@dataclass(slots=True)
class OnPage(Asked):
    """A command given by a button. `answers` are what a chat would have been told."""

    answers: list[str] = field(default_factory=list)

    def _say(self, to: Address, text: str, part: str, named: bool, page: Line | None = None) -> None:
        self.answers.append(text)


def asked_by(uow: UnitOfWork, house: House, member: str, press: str, word: str, args: str = "") -> OnPage:
    """A member's words, given on a page; the same `press` again gives the same facts."""
    known = uow.members.get(member)
    person = Person(member, known.name if known is not None else "")
    heard = MessageHeard(f"page:{press}", house.now(), person, None, f"{word} {args}".strip())
    return OnPage(uow, house, heard, message(heard, heard.at), word, args)


def press(asked: OnPage, command: Command) -> Sequence[str]:
    """Give the command; returns its answers."""
    facts = carry_out(command, asked)
    if facts:
        record(asked.uow, asked.house, [Prepared(fact) for fact in facts])
    return asked.answers
