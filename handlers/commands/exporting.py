"""#导出: members and their tags as lines of CSV, a few at a time, in a director's direct chat only."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from bot.core.tags import Held
from bot.services import tagging, uses
from bot.services.export import safe
from config.messages import Block, one_line
from handlers.commands.rights import visible
from handlers.commands.spec import Asked, Command, Misused
from storage.rows import MemberRow

MOST = 10
"""Members of one answer: a chat carries text, and a long text comes in many portions."""
COLUMNS = ("编号", "昵称", "标签")


def _export(asked: Asked) -> None:
    """From the first member on, or from the one behind the id given. Raises Misused for an id nobody has."""
    after = asked.uow.links.main(asked.args.strip()) or None
    if after is not None and asked.uow.members.get(after) is None:
        raise Misused(asked.text("admin.nobody", name=after))
    page = asked.uow.members.page(after, MOST + 1)
    shown = page[:MOST]
    lines = Block(_table(_rows(asked, shown)) if shown else asked.text("admin.export_none"))
    more = asked.text("admin.export_more", member=Block(shown[-1].member)) if len(page) > MOST else ""
    asked.reply_directly(asked.text("admin.export", lines=lines, more=Block(more)))


def _rows(asked: Asked, members: Sequence[MemberRow]) -> list[tuple[str, ...]]:
    """A row a member; a tag that the asker may not see is left out as if it were not there."""
    found = tagging.look(asked.uow, [row.member for row in members], asked.world(), asked.now)
    tags = {row.member: visible(asked, found[row.member].tags.values()) for row in members}
    uses.note(asked.uow, {held.tag.path for held_ in tags.values() for held in held_}, uses.EXPORT, asked.now)
    return [(one_line(row.member, 80), one_line(row.name), _told(tags[row.member])) for row in members]


def _told(tags: Iterable[Held]) -> str:
    return "；".join(f"{held.tag.path}={one_line(held.tag.value, 60)}" for held in tags)


def _table(rows: Iterable[tuple[str, ...]]) -> str:
    """CSV that may be pasted into a spreadsheet: no cell is a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows([safe(cell) for cell in row] for row in rows)
    return text.getvalue().rstrip("\n")


COMMANDS = (Command("#导出", "export", _export, needs="运营总监"),)
