"""The open questionnaire answered on one page instead of turn by turn: the same facts, the same protection."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.core.conversation import Reply, conversation_from
from bot.core.events import Event
from bot.core.questionnaire_sheet import fill
from bot.services import onboarding
from bot.services.asking import Host, Said
from storage.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True)
class Filled:
    """What became of a page: the facts to record; the questions that could not be read, nothing else being over then;
    the last words."""

    facts: Sequence[Event] = ()
    misread: Sequence[str] = ()
    replies: Sequence[Reply] = ()

    @property
    def over(self) -> bool:
        return not self.misread


def is_open(uow: UnitOfWork, member: str) -> bool:
    return member in uow.conversations.asking({member})


def take(uow: UnitOfWork, host: Host, said: Said, answers: Mapping[str, str]) -> Filled | None:
    """Take the answers, by question; None for a member who has no open questionnaire."""
    row = uow.conversations.get(said.member)
    if row is None or row.status != "asking":
        return None
    sheet = fill(conversation_from(row.state), answers, said.at, host.onboarding.questionnaire)
    if sheet.step is None:
        return Filled(misread=sheet.misread)
    facts = onboarding.take(uow, host, said, sheet.step)
    return Filled(facts, sheet.misread, sheet.step.replies)
