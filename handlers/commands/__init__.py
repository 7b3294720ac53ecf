"""Chat commands: one file a topic, each ends with COMMANDS; here they are joined and given what members say."""

from __future__ import annotations

from dataclasses import replace

from bot.core.events import Event
from bot.core.roles_of_speech import admin_word, member_word
from bot.ports import MessageHeard
from bot.services import onboarding, roles
from bot.services.asking import Said
from bot.services.intake import Prepared
from handlers.commands import (
    appointments,
    auditing,
    board,
    certifying,
    claiming,
    copies,
    deciding,
    exporting,
    guide,
    judging,
    labelling,
    linking,
    lists,
    maturity,
    members,
    mode,
    own,
    privacy,
    pushing,
    recall,
    relations,
    removing,
    reviewing,
    rules,
    suggesting,
    tags,
    tracked,
    words,
)
from handlers.commands.spec import ADMIN, Asked, Command, audit, carry_out
from handlers.house import House
from storage.unit_of_work import UnitOfWork

__all__ = ["COMMANDS", "answer", "recognise"]

COMMANDS: tuple[Command, ...] = (
    *own.COMMANDS,
    *privacy.COMMANDS,
    *copies.COMMANDS,
    *guide.COMMANDS,
    *members.COMMANDS,
    *tags.COMMANDS,
    *lists.COMMANDS,
    *board.COMMANDS,
    *relations.COMMANDS,
    *recall.COMMANDS,
    *pushing.COMMANDS,
    *deciding.COMMANDS,
    *appointments.COMMANDS,
    *certifying.COMMANDS,
    *removing.COMMANDS,
    *mode.COMMANDS,
    *words.COMMANDS,
    *rules.COMMANDS,
    *suggesting.COMMANDS,
    *auditing.COMMANDS,
    *judging.COMMANDS,
    *maturity.COMMANDS,
    *exporting.COMMANDS,
    *labelling.COMMANDS,
    *reviewing.COMMANDS,
    *linking.COMMANDS,
    *tracked.COMMANDS,
)
SKIP = "跳过"
"""The one command that may answer a question."""
_BY_WORD = {command.word: command for command in COMMANDS}
LONGEST_WORD = 20
"""Characters of an unknown command that go into the audit."""


def recognise(uow: UnitOfWork, house: House, heard: MessageHeard, prepared: Prepared, *, talking: bool) -> Prepared:
    """What a message is besides speech: an answer to the bot, a claim code, a command; it is read for no more.

    talking: whether the sender has an open conversation; nobody else can answer.
    """
    if prepared.role and member_word(heard.text) != SKIP:
        return replace(prepared, permitted=True) if _by_right(uow, heard, prepared.event) else prepared
    if roles.read_code(heard.text) is not None:
        return replace(prepared, role="command", drawn=())
    if talking and heard.kind == "text" and onboarding.is_answer(uow, house, _said(heard, prepared), _addressed(heard)):
        return replace(prepared, role="answer", drawn=())
    return prepared


def _by_right(uow: UnitOfWork, heard: MessageHeard, event: Event) -> bool:
    """Whether a message is an admin's command from somebody who may give it."""
    command = _BY_WORD.get(f"#{admin_word(heard.text.strip())}")
    needed = command.needs if command is not None else None
    return needed is not None and roles.may(uow, heard.sender.id, event.at, needed)


def answer(uow: UnitOfWork, house: House, heard: MessageHeard, prepared: Prepared) -> list[Event]:
    """Carry out what a recorded message asks for. Returns the facts that follow from it."""
    if prepared.role == "answer":
        return onboarding.hear(uow, house, _said(heard, prepared))
    if heard.kind != "text":
        return []
    word, args = _split(heard.text)
    asked = Asked(uow, house, heard, prepared.event, word, args)
    letters = roles.read_code(heard.text)
    if letters is not None:
        return claiming.claim(asked, letters)
    command = _BY_WORD.get(word) if prepared.role else None
    if command is not None:
        return carry_out(command, asked)
    if word.startswith("#"):
        return _unknown(asked)
    if asked.direct and not prepared.role:
        guide.hint(asked)
    return []


def _said(heard: MessageHeard, prepared: Prepared) -> Said:
    return Said(prepared.event.id, prepared.event.at, heard.sender.id, heard.group, heard.text)


def _addressed(heard: MessageHeard) -> bool:
    return heard.group is None or heard.mentions_me


def _split(text: str) -> tuple[str, str]:
    """The command word and its arguments; an admin's word begins with "#", however that was typed."""
    bare = text.strip()
    if bare[:1] not in ("#", "＃"):
        return member_word(bare) or bare, ""
    parts = bare[1:].split(maxsplit=1)
    word = admin_word(bare) or (parts[0] if parts else "")
    return f"#{word}", parts[1] if len(parts) > 1 else ""


def _unknown(asked: Asked) -> list[Event]:
    """No such command: silence and an audit row; somebody with a role is told where the list is."""
    asked.word, asked.args = asked.word[:LONGEST_WORD], ""
    audit(asked, allowed=False, result="未知指令")
    is_word = admin_word(asked.heard.text.strip()) is not None
    if (is_word or asked.direct) and roles.held(asked.uow, asked.actor, asked.now):
        asked.kind = ADMIN
        asked.reply(asked.text("admin.unknown", word=asked.word))
    return []
