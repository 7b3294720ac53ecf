"""#审核: recent verdicts with their checks, and what an admin says of them, in the direct chat."""

from __future__ import annotations

import re

import orjson

from bot.services import learning, reviewing, tagging
from config.messages import Block, one_line
from handlers.commands.spec import Asked, Command, Misused, shown
from storage.review_rows import FlaggedRow

_ANSWER = re.compile(r"(\d{1,12})\s*(是|否)")
BACK = "回滚"
LISTED = 10
LONGEST = 40
"""Characters of a message and of a check that are shown."""
VERDICTS = {"ad": "广告", "flood": "刷屏"}


def _review(asked: Asked) -> None:
    """Nothing: what waits. A number and 是 or 否: a vote."""
    said = asked.args.strip()
    if not said:
        _list(asked)
        return
    if said == BACK:
        _roll_back(asked)
        return
    answer = _ANSWER.fullmatch(said)
    if answer is None:
        raise Misused
    row, decided = reviewing.vote(asked.uow, int(answer[1]), asked.actor, asked.now, answer[2] == "是")
    asked.subject = row.member
    if decided:
        learning.learn(asked.uow, asked.house.reader, asked.now)
    asked.reply(asked.text("admin.review_decided" if decided else "admin.review_noted", number=row.seq))


def _roll_back(asked: Asked) -> None:
    number = learning.roll_back(asked.uow, asked.now)
    if number is None:
        asked.reply(asked.text("admin.review_shipped"))
    else:
        asked.reply(asked.text("admin.review_rolled_back", number=number))


def _list(asked: Asked) -> None:
    rows = reviewing.waiting(asked.uow, asked.actor, asked.now, LISTED)
    if not rows:
        asked.reply(asked.text("admin.review_none"))
        return
    members = sorted({row.member for row in rows})
    facts = tagging.look(asked.uow, members, asked.world(), asked.now)
    known = asked.uow.members.get_many(members)
    lines = [_line(asked, row, shown(known[row.member]), facts[row.member].standing.restricted) for row in rows]
    asked.reply_directly(asked.text("admin.review", lines=Block("\n".join(lines))))


def _line(asked: Asked, row: FlaggedRow, name: str, restricted: bool) -> str:
    return asked.text(
        "admin.review_line",
        number=row.seq,
        name=name,
        standing="（受限中）" if restricted else "",
        verdict=VERDICTS[row.verdict],
        text=one_line(row.text or "—", LONGEST),
        checks=Block(_checks(row)),
    )


def _checks(row: FlaggedRow) -> str:
    """The checks that hit, with what they saw."""
    found = [check for check in orjson.loads(row.checks or "[]") if check["hit"]]
    return "；".join(f"{check['name']} {one_line(check['detail'], LONGEST)}".strip() for check in found) or "—"


COMMANDS = (Command("#审核", "review", _review, needs="管理员"),)
