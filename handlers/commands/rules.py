"""#规则: versions of the rules and what they changed; a director goes back to one, after a second look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from bot.core.instants import MINUTE
from bot.services import roles, rulesets
from config.messages import Block, one_line
from handlers.commands.members import day
from handlers.commands.spec import Asked, Command, Misused
from storage.rows import ConfirmationRow, RuleSetRow

RULES = "rules"
TIME_TO_CONFIRM = 30 * MINUTE
CONFIRMED = re.compile(r"规则\s*(?P<number>\d{1,12})")
_WORDS = re.compile(r"(?:(?P<verb>差异|启用)\s*)?(?P<number>\d{1,6})")
LATEST, MOST = 10, 30


def _rules(asked: Asked) -> None:
    """Nothing: the versions. A number, with or without 差异: what it changed. 启用 and a number: ask for it."""
    args = asked.args.strip()
    if not args:
        _list(asked)
        return
    said = _WORDS.fullmatch(args)
    if said is None:
        raise Misused
    row = rulesets.stored(asked.uow, int(said["number"]))
    if said["verb"] == "启用":
        _ask(asked, row)
    else:
        _show(asked, row)


def _list(asked: Asked) -> None:
    lines = [
        asked.text(
            "admin.rules_line",
            number=row.number,
            author=one_line(row.author),
            note=Block(one_line(row.note, 60)),
            since=Block(_since(asked, row)),
        )
        for row in asked.uow.rule_sets.all()[-LATEST:]
    ]
    asked.reply_directly(asked.text("admin.rules", lines=Block("\n".join(lines))))


def _since(asked: Asked, row: RuleSetRow) -> str:
    current = rulesets.in_force(asked.uow, asked.now).number
    turns = rulesets.since_of(asked.uow, row.number)
    told = ["自始" if turn.at == rulesets.FIRST else f"{day(asked, turn.at)} 起" for turn in turns]
    undone = all(turn.voided_at is not None for turn in turns)
    return "、".join(told) + ("，已回滚" if undone else "") + ("，生效中" if row.number == current else "")


def _show(asked: Asked, row: RuleSetRow) -> None:
    before = rulesets.compared_with(asked.uow, row.number)
    lines = "" if before is None else _lines(_diff(asked, before, row))
    if before is None or not lines:
        asked.reply_directly(asked.text("admin.rules_same", number=row.number))
        return
    text = asked.text("admin.rules_diff", number=row.number, before=before.number, lines=Block(lines))
    asked.reply_directly(text)


def _diff(asked: Asked, old: RuleSetRow, new: RuleSetRow) -> list[dict[str, Any]]:
    return rulesets.diff(asked.house.read_rules(old.content), asked.house.read_rules(new.content))


def _lines(changes: Iterable[Mapping[str, Any]]) -> str:
    told = [one_line(f"· {one['key']}：{one['from']} → {one['to']}", 120) for one in changes]
    return "\n".join(told[:MOST] + ([f"…共 {len(told)} 项"] if len(told) > MOST else []))


def _ask(asked: Asked, row: RuleSetRow) -> None:
    _demand_director(asked)
    current = rulesets.in_force(asked.uow, asked.now)
    if current.number == row.number:
        raise Misused(f"第 {row.number} 版正在生效")
    expires = asked.now + TIME_TO_CONFIRM
    waiting = ConfirmationRow(RULES, asked.actor, {"number": row.number}, asked.now, expires)
    wish = asked.uow.confirmations.add(waiting)
    lines, minutes = Block(_lines(_diff(asked, current, row))), TIME_TO_CONFIRM // MINUTE
    asked.reply_directly(asked.text("admin.rules_ask", number=row.number, lines=lines, minutes=minutes, wish=wish))


def _demand_director(asked: Asked) -> None:
    if not asked.may(roles.DIRECTOR):
        raise Misused(asked.text("admin.not_allowed", role=roles.DIRECTOR))


def go(asked: Asked, wish: int) -> None:
    """Carry out what its author asked for and now confirms. The job of a change of rules does the rest."""
    _demand_director(asked)
    row = asked.uow.confirmations.get(wish)
    mine = row is not None and row.actor == asked.actor and row.kind == RULES and row.expires_at > asked.now
    if row is None or not mine or not asked.uow.confirmations.settle(wish, "done"):
        raise Misused(asked.text("admin.confirm_unknown", number=wish))
    rulesets.roll_back(asked.uow, row.payload["number"], asked.now, asked.actor)
    asked.house.refresh()
    asked.reply(asked.text("admin.rules_done", number=row.payload["number"]))


COMMANDS = (Command("#规则", "rules", _rules, needs="管理员"),)
