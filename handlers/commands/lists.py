"""#名单: who is new, dormant or disputed now."""

from __future__ import annotations

from bot.core.lifecycle import DORMANT, STAGES
from bot.core.rules.identity import IDENTITY_PATH
from bot.core.rules.stage import STAGE_PATH
from bot.services import uses
from config.messages import Block, one_line
from handlers.commands.rights import demand
from handlers.commands.spec import Asked, Command, Misused, shown

LISTS = {
    "新人": ((IDENTITY_PATH, "新用户"),),
    "沉默": tuple((STAGE_PATH, stage) for stage in STAGES if stage in DORMANT),
    "争议": ((IDENTITY_PATH, "争议用户"),),
}
"""Name of a list and the tags whose holders stand in it; 沉默 are those flagged dormant."""
MOST = 20


def _list(asked: Asked) -> None:
    name = asked.args.strip()
    if name not in LISTS:
        raise Misused
    for path, value in LISTS[name]:
        demand(asked, "view", path, value)
    uses.note(asked.uow, [path for path, _ in LISTS[name]], uses.QUERY, asked.now)
    lines, total = [], 0
    for path, value in LISTS[name]:
        count = asked.uow.tags.count_by(path).get(value, 0)
        total += count
        rows = asked.uow.members.page(limit=MOST, path=path, value=value) if count else []
        lines += [f"· {shown(row)}（{one_line(row.member, 80)}）{value}" for row in rows]
    if not total:
        asked.reply_directly(asked.text("admin.list_empty", list=name))
        return
    text = asked.text("admin.list", list=name, count=total, lines=Block("\n".join(lines[:MOST])))
    asked.reply_directly(text)


COMMANDS = (Command("#名单", "list", _list, needs="观察员"),)
