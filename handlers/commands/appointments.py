"""#任命: a director gives and takes roles, by contact id."""

from __future__ import annotations

import re

from bot.services import lookup, roles
from config.messages import Block, one_line
from handlers.commands.spec import Asked, Command, Misused, shown
from storage.rows import MemberRow

_WORDS = re.compile(
    r"(?P<who>.*?)\s*(?P<off>撤销)?\s*(?P<role>观察员|管理员|运营总监)\s*(?:(?P<months>\d{1,3})\s*个?月?)?"
    r"(?:\s*备用\s*(?P<backup>\S.*))?",
    re.DOTALL,
)


def _appoint(asked: Asked) -> None:
    """成员 角色 [月数] [备用 成员], or 成员 撤销 角色."""
    said = _WORDS.fullmatch(asked.args.strip())
    if said is None or (said["off"] and (said["months"] or said["backup"])):
        raise Misused
    if not (said["who"] or asked.heard.mentions):
        raise Misused
    months = int(said["months"]) if said["months"] else None
    row = asked.member(said["who"])
    if said["off"]:
        _revoke(asked, row, said["role"])
    else:
        backup = _backup(asked, row, said["role"], said["backup"]) if said["backup"] else {}
        _grant(asked, row, said["role"], months, backup)


def _backup(asked: Asked, row: MemberRow, role: str, words: str) -> dict[str, object]:
    """Another member who stands in while the admin is silent (AB角); the command stays about the admin."""
    found = lookup.find(asked.uow, words.strip(), ())
    if role != roles.ADMIN or len(found) != 1 or found[0].member == row.member:
        raise Misused(asked.text("admin.no_backup", name=one_line(words)))
    return {"backup": found[0].member}


def _grant(asked: Asked, row: MemberRow, role: str, months: int | None, backup: dict[str, object]) -> None:
    rules = asked.house.rules(asked.uow).identity
    body: dict[str, object] = {"role": role, "by": asked.actor, **backup}
    if role == roles.ADMIN:
        term = rules.term_months if months is None else months
        if not rules.term_least_months <= term <= rules.term_most_months:
            raise Misused(asked.text("admin.term", least=rules.term_least_months, most=rules.term_most_months))
        body["months"] = term
    elif months is not None:
        raise Misused
    asked.fact("grant", row.member, body)
    told = asked.text("admin.appointed", name=shown(row), member=Block(one_line(row.member, 80)), role=role)
    asked.reply(told + _terms(asked, body))


def _terms(asked: Asked, body: dict[str, object]) -> str:
    """How long an admin's office lasts, and who stands in for him."""
    if "months" not in body:
        return ""
    backup = asked.uow.members.get(str(body.get("backup")))
    name = asked.text("admin.no_stand_in") if backup is None else shown(backup)
    return asked.text("admin.appointed_for", months=str(body["months"]), backup=name)


def _revoke(asked: Asked, row: MemberRow, role: str) -> None:
    """The last director cannot be taken away: nobody could appoint another."""
    holders = {held.member for held in asked.uow.roles.holders(role, asked.now)}
    if row.member not in holders:
        raise Misused(asked.text("admin.no_such_role", name=shown(row), role=role))
    if role == roles.DIRECTOR and holders == {row.member}:
        raise Misused(asked.text("admin.last_director"))
    asked.fact("revoke", row.member, {"role": role, "by": asked.actor})
    asked.reply(asked.text("admin.dismissed", name=shown(row), role=role))


COMMANDS = (Command("#任命", "appoint", _appoint, needs="运营总监"),)
