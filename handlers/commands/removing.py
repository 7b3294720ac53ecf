"""#移出: a restricted member leaves the group if two admins agree, or ten minutes after the only admin said so."""

from __future__ import annotations

import re

from bot.core.instants import MINUTE
from bot.services import admins, delivery, removals, roles, tagging
from handlers.commands.spec import Asked, Command, Misused, shown
from storage.rows import MemberRow

BACK = "取消"
CONFIRMED = re.compile(r"移出\s*(?P<number>\d{1,12})")


def _remove(asked: Asked) -> None:
    """成员, or 成员 取消."""
    words = asked.args.strip()
    whom = words.removesuffix(BACK).strip()
    if not whom and not asked.heard.mentions:
        raise Misused
    row = asked.member(whom)
    if words.endswith(BACK):
        undone = removals.undo(asked.uow, row.member, asked.now)
        asked.confirm(asked.text("admin.removal_undone" if undone else "admin.removal_nothing", name=shown(row)))
        return
    refusal = _refusal(asked, row)
    if refusal is not None:
        asked.reply_directly(refusal)
        return
    others = removals.others(asked.uow, asked.actor, row.member, asked.now)
    if others:
        _ask(asked, row, others)
    else:
        removals.decide(asked.uow, [asked.actor], row.member, asked.now, asked.now + removals.TIME_TO_UNDO)
        minutes = removals.TIME_TO_UNDO // MINUTE
        asked.confirm(asked.text("admin.removal_decided", name=shown(row), minutes=minutes))


def _refusal(asked: Asked, row: MemberRow) -> str | None:
    """Why nobody is removed: a warning alone, an office, a mode in which the account does nothing."""
    facts = tagging.look(asked.uow, [row.member], asked.world(), asked.now)[row.member]
    if not removals.may_be_removed(facts):
        key = "admin.removal_warned" if facts.standing.open else "admin.not_disputed"
        return asked.text(key, name=shown(row))
    if roles.held(asked.uow, row.member, asked.now):
        return asked.text("admin.removal_office", name=shown(row))
    if delivery.mode(asked.uow) == "observe":
        return asked.text("admin.removal_observe")
    if removals.pending(asked.uow, row.member, asked.now):
        return asked.text("admin.removal_pending", name=shown(row))
    return None


def _ask(asked: Asked, row: MemberRow, others: set[str]) -> None:
    number = removals.ask(asked.uow, asked.actor, row.member, asked.now)
    text = asked.text("notice.removal_asked", name=shown(row), number=number)
    for other in sorted(others.intersection(admins.in_charge(asked.uow, asked.now))):
        key = f"removal_asked:{number}:{other}"
        asked.uow.outbox.add([admins.notice(key, removals.ASKED, other, text, asked.now, row.member)])
    asked.confirm(asked.text("admin.removal_asked", name=shown(row), number=number))


def go(asked: Asked, number: int) -> None:
    """The second admin's word. What has been decided is carried out within a minute."""
    row = removals.agree(asked.uow, number, asked.actor, asked.now)
    if row is None:
        raise Misused(asked.text("admin.confirm_unknown", number=number))
    asked.subject = str(row.payload["member"])
    known = asked.uow.members.get(asked.subject)
    asked.confirm(asked.text("admin.removal_agreed", name=shown(known) if known is not None else asked.subject))


COMMANDS = (Command("#移出", "remove", _remove, needs="管理员"),)
