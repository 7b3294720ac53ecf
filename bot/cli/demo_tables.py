"""What the demo ends with: who holds which stage and why, and what was said to whom."""

from __future__ import annotations

from collections import Counter

from rich.console import Console
from rich.table import Table
from rich.text import Text

from bot.core.instants import iso
from bot.core.rules.stage import STAGE_PATH
from handlers import outbox_words
from handlers.house import House
from storage.rows import MemberRow, TagRow
from storage.unit_of_work import UnitOfWork

IDENTITY = "特殊身份/身份"


def print_outcome(uow: UnitOfWork, house: House, console: Console) -> None:
    members = uow.members.page(limit=100)
    tags = uow.tags.of_members([member.member for member in members])
    console.print(_stages(members, tags))
    console.print(_sent(uow, house))


def _stages(members: list[MemberRow], tags: dict[str, list[TagRow]]) -> Table:
    table = Table("成员", "阶段", "成员分", "活跃度", "身份", "为什么在这个阶段", title="八周之后，谁在哪个阶段")
    for member in sorted(members, key=lambda row: (row.stage or "", -(row.score or 0))):
        own = tags.get(member.member, [])
        cells = (member.stage or "—", f"{member.score or 0:.0f}", _value(own, "行为/活跃度"), _values(own, IDENTITY))
        table.add_row(Text(member.name or member.member), *cells, _why(own))
    return table


def _value(tags: list[TagRow], path: str) -> str:
    return next((tag.value for tag in tags if tag.path == path), "—")


def _values(tags: list[TagRow], path: str) -> str:
    return "、".join(tag.value for tag in tags if tag.path == path) or "—"


def _why(tags: list[TagRow]) -> str:
    stage = next((tag for tag in tags if tag.path == STAGE_PATH), None)
    if stage is None:
        return "—"
    shown = ("回流", "推断入群", "周均有效发言", "沉默天数", "未退购买次数")
    told = [f"{key} {_plain(stage.because[key])}" for key in shown if stage.because.get(key)]
    return "，".join(told) or "刚入群"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "是" if value else "否"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _sent(uow: UnitOfWork, house: House) -> Table:
    table = Table("类别", "状态", "条数", "最近一次", title="机器人说过什么")
    rows = uow.outbox.page(limit=10_000)
    counted = Counter((row.kind, row.status) for row in rows)
    latest = {(row.kind, row.status): row.settled_at or row.created_at for row in rows}
    for (kind, status), count in sorted(counted.items()):
        when = (iso(latest[kind, status], house.zone) or "")[:16].replace("T", " ")
        table.add_row(outbox_words.kind(kind), outbox_words.state(status), str(count), when)
    return table
