"""#质检: sampled tags put before an admin, one at a time, in the direct chat."""

from __future__ import annotations

import re

from bot.services import judging, tagging
from bot.services.reports import quality
from config.messages import Block, one_line
from handlers.commands.rights import sees
from handlers.commands.spec import Asked, Command, Misused, shown
from handlers.reasons import reasons_of
from storage.care_rows import JudgementRow

_ANSWER = re.compile(r"(\d{1,9})\s*(对|错)")


def _judge(asked: Asked) -> None:
    """Nothing: the next question. A number and 对 or 错: its answer, then the next question."""
    said = asked.args.strip()
    if not said:
        _ask(asked)
        return
    answer = _ANSWER.fullmatch(said)
    if answer is None:
        raise Misused
    row = judging.settle(asked.uow, int(answer[1]), asked.actor, asked.now, answer[2] == "对", _sees(asked))
    asked.subject = row.member
    _ask(asked)


def _sees(asked: Asked) -> judging.Sees:
    return lambda path, value: sees(asked, path, value)


def _ask(asked: Asked) -> None:
    row = judging.next_question(asked.uow, asked.now, _sees(asked))
    if row is None:
        found = quality.report(asked.uow, asked.now, asked.house.zone)["key"]
        asked.reply_directly(asked.text("admin.judge_none", judged=found["judged"], verdict=found["verdict"]))
        return
    asked.subject = row.member
    asked.reply_directly(_question(asked, row))


def _question(asked: Asked, row: JudgementRow) -> str:
    known = asked.uow.members.get_many([row.member])
    facts = tagging.look(asked.uow, [row.member], asked.world(), asked.now)[row.member]
    held = facts.tags.get((row.path, row.value))
    return asked.text(
        "admin.judge",
        number=row.id,
        name=shown(known[row.member]),
        tag=Block(f"{row.path}={one_line(row.value, 60)}"),
        because=Block("—" if held is None else reasons_of(held.tag.because)),
    )


COMMANDS = (Command("#质检", "judge", _judge, needs="管理员"),)
