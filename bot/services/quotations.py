"""What others were told of a person: welcomes, summaries, answers to admins, and the commands that name him.

When he asks to be forgotten, his names go out of words to a group; an answer to an admin goes whole, since what it
says of him has no fixed form.
"""

from __future__ import annotations

from collections.abc import Iterable

from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

NAMELESS = "新朋友"
"""What stands where a name was."""
GONE = "（内容已随成员的要求删除）"
ABOUT_MEMBERS = frozenset({"admin", "batch", "new_ids"})
"""Kinds of rows that tell people in charge about members."""
SHORT = 1
"""Characters of a name that is also an everyday word: it is not replaced inside words to a group."""


def words_for(uow: UnitOfWork, member: str) -> list[str]:
    """The contact id and every name he went by, the longest first."""
    known = uow.members.get(member)
    names = {known.name} if known is not None else set()
    return sorted({member, *names, *uow.events.names_of(member)} - {""}, key=lambda word: (-len(word), word))


def unnamed(text: str, words: Iterable[str]) -> str:
    """The text without these words."""
    for word in words:
        if len(word) > SHORT:
            text = text.replace(word, NAMELESS)
    return text


def leave_out(uow: UnitOfWork, words: list[str]) -> None:
    """Take him out of what was said to others, and of the commands others gave about him."""
    for row in uow.outbox.quoting(words):
        uow.outbox.rewrite(row.id, _without(row, words), row.mentions, row.cause)
    uow.events.blank_commands(words)
    uow.audit.blank([word for word in words if len(word) > SHORT])


def _without(row: OutboxRow, words: list[str]) -> str:
    return GONE if row.kind in ABOUT_MEMBERS else unnamed(row.text, words)
