"""`report KIND`: what is known of the deployment as a whole, one object each. A new report is one name in REPORTS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from bot.cli.house import house_of
from bot.cli.output import print_json, print_table, say
from bot.cli.taking_in import AS_JSON
from bot.core.instants import Instant
from bot.errors import BadInput
from bot.services import views
from bot.services.reports import access, audit, invites, maturity, quality, retired, social, suggested, uplift
from config.settings import Settings
from handlers.auditing import standards_of
from handlers.house import House
from handlers.jobs.suggestions import screen_of
from storage.unit_of_work import UnitOfWork

Report = Callable[[UnitOfWork, House, Instant], Mapping[str, Any]]
"""Reads what is known at an instant; its keys are those of CONTRACT `report`."""


def _social(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return social.report(uow, house.world(uow, at), at)


def _invites(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return invites.report(uow, house.world(uow, at), at)


def _uplift(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return uplift.report(uow, at)


def _suggested(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return suggested.report(uow, screen_of(house), at)


def _access(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    """People act by the clock on the wall, whatever instant the tags are shown at."""
    return access.report(uow, house.now(), house.zone)


def _audit(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return audit.report(uow, house.world(uow, at), at, standards_of(house))


def _quality(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return quality.report(uow, house.now(), house.zone)


def _maturity(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return maturity.report(uow, at, house.now(), house.zone, house.catalogue.dimensions)


def _retired(uow: UnitOfWork, house: House, at: Instant) -> Mapping[str, Any]:
    return retired.report(uow, house.rules(uow), house.now(), house.zone)


REPORTS: Mapping[str, Report] = {
    "social": _social,
    "invites": _invites,
    "uplift": _uplift,
    "suggested": _suggested,
    "access": _access,
    "audit": _audit,
    "quality": _quality,
    "maturity": _maturity,
    "retired": _retired,
}
"""By the word after `report`."""

WORDS: Mapping[str, Mapping[str, str]] = {
    "social": social.WORDS,
    "invites": invites.WORDS,
    "uplift": uplift.WORDS,
    "suggested": suggested.WORDS,
    "access": access.WORDS,
    "audit": audit.WORDS,
    "quality": quality.WORDS,
    "maturity": maturity.WORDS,
    "retired": retired.WORDS,
}
"""What keys are called towards a person, by the report: `members` are not the same people in each."""
SHARED: Mapping[str, str] = {key: word for words in WORDS.values() for key, word in words.items()}
"""What a report does not name itself is called as in another; a key without a word is shown as it is."""


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
        _show(found, {**SHARED, **WORDS[kind]})


def _show(found: Mapping[str, Any], words: Mapping[str, str]) -> None:
    """Single values by line, lists of objects as tables."""
    for key, value in found.items():
        title = words.get(key, key)
        if isinstance(value, list) and value and isinstance(value[0], Mapping):
            columns = tuple(value[0])
            rows = [tuple(_cell(row[column], words) for column in columns) for row in value]
            print_table(title, tuple(words.get(column, column) for column in columns), rows)
        else:
            say(f"{title}：{_cell(value, words)}")


def _cell(value: object, words: Mapping[str, str]) -> str:
    if isinstance(value, Mapping):
        return "，".join(f"{words.get(str(key), key)} {_cell(one, words)}" for key, one in value.items()) or "—"
    if isinstance(value, list | tuple):
        return "、".join(_cell(one, words) for one in value) or "—"
    return "—" if value is None else str(value)


COMMANDS = (("report", report),)
