"""`models`: what was learned from reviewed messages, listed and rolled back."""

from __future__ import annotations

from typing import Annotated, Any

import typer

from bot.cli.house import house_of
from bot.cli.output import print_json, print_table, say
from bot.cli.taking_in import AS_JSON
from bot.cli.usage import Command, Group
from bot.core.instants import iso
from bot.errors import Refused
from bot.services import learning
from config.settings import Settings
from handlers.house import House
from storage.unit_of_work import UnitOfWork

app = typer.Typer(cls=Group, help="从审核学到的各版模型：列出、回滚。", no_args_is_help=True)


@app.command("list", cls=Command)
def list_versions(context: typer.Context, as_json: Annotated[bool, AS_JSON] = False) -> None:
    """列出学到的各版：样本数，在固定文本上的 F1 和误报，是否已回滚。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        found = house.database.read(lambda uow: _versions(uow, house))
    if as_json:
        print_json(found)
        return
    columns = ("版本", "时间", "样本", "F1", "误报", "状态")
    print_table("学到的模型", columns, [tuple(str(value) for value in _row(one)) for one in found])


def _row(one: dict[str, Any]) -> tuple[Any, ...]:
    state = "已回滚" if one["rolled_back"] else "在用" if one["active"] else ""
    return one["number"], one["at"][:16], one["samples"], one["f1"], one["false_alarms"], state


def _versions(uow: UnitOfWork, house: House) -> list[dict[str, Any]]:
    current = learning.in_force(uow)
    return [
        {
            "number": row.number,
            "at": iso(row.at, house.zone),
            "samples": row.samples,
            "f1": row.f1,
            "false_alarms": row.false_alarms,
            "active": current is not None and row.number == current.number,
            "rolled_back": row.voided_at is not None,
        }
        for row in uow.reviews.lessons()
    ]


@app.command(cls=Command)
def rollback(context: typer.Context) -> None:
    """停用最近学到的一版，回到前一版或自带的模型。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        number = house.database.write_sync(lambda uow: learning.roll_back(uow, house.now()))
    if number is None:
        raise Refused("现在用的就是自带的模型，没有可退回的")
    say(f"已退回：学到的第 {number} 版停用")
