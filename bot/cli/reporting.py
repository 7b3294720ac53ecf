"""`report KIND`: what is known of the deployment as a whole, one object each. A new report is one name in REPORTS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from bot.cli.house import house_of
from bot.cli.output import print_json, print_table
from bot.cli.taking_in import AS_JSON
from bot.core.instants import Instant
from bot.errors import BadInput
from bot.services import views
from bot.services.reports import uplift
from config.settings import Settings
from handlers.house import House
from storage.unit_of_work import UnitOfWork

Report = Callable[[UnitOfWork, House, Instant], Mapping[str, Any]]


def _uplift(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return uplift.report(uow, at)


REPORTS: Mapping[str, Report] = {"uplift": _uplift}
"""By the word after `report`."""

WORDS: Mapping[str, str] = {**uplift.WORDS}


def report(
    context: typer.Context,
    kind: Annotated[str, typer.Argument(help="哪一份报告：" + "、".join(REPORTS))],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """社群整体的报告。"""
    if kind not in REPORTS:
        raise BadInput(f"没有这份报告：{kind}（有 {'、'.join(REPORTS)}）")
    settings: Settings = context.obj
    with house_of(settings) as house:
        found = house.database.read(lambda uow: REPORTS[kind](uow, house, views.instant_of(uow, house.now())))
    if as_json:
        print_json(found)
    else:
        print_table(kind, ("", ""), [(WORDS.get(key, key), value) for key, value in found.items()])


COMMANDS = (("report", report),)
