"""`preview`: how many members a condition holds for, before it goes into the rule-set file."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.cli.house import house_of
from bot.cli.output import print_json, say
from bot.cli.taking_in import AS_JSON
from bot.core.instants import iso
from bot.errors import BadInput
from bot.services import previews, rulesets, views
from config.custom_tags import condition_tag
from config.settings import Settings


def preview(
    context: typer.Context,
    when: Annotated[str, typer.Argument(help='条件，CEL 表达式，如 "said_30d >= 3"')],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """看一个自定义标签的条件会有多少人符合，什么都不改。"""
    settings: Settings = context.obj
    try:
        tag = condition_tag(when)
    except ValueError as problem:
        raise BadInput(f"条件：{problem}") from None
    with house_of(settings) as house:
        at = house.database.read(lambda uow: views.instant_of(uow, house.now()))
        world = house.database.read(lambda uow: rulesets.world(uow, house.zone, house.read_rules, at))
        found = house.database.read(lambda uow: previews.preview(uow, tag, world, at))
    if as_json:
        print_json({**found, "as_of": iso(at, settings.zone)})
    else:
        say(f"{found['members']} 人里有 {found['count']} 人符合，例如：{'、'.join(found['sample']) or '—'}")


COMMANDS = (("preview", preview),)
