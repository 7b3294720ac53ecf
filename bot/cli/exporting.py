"""`export`: members and tags for other programs, as one role may see them."""

from __future__ import annotations

import io
import sys
from enum import StrEnum
from typing import Annotated

import typer

from bot.cli.house import house_of
from bot.core.instants import Instant
from bot.services import export, rulesets, uses, views
from config.settings import Settings
from handlers.house import House
from storage.rows import AuditRow
from storage.unit_of_work import UnitOfWork

EXPORTED = "导出"
AUTHOR = "命令行"


class Format(StrEnum):
    """What an export is written as."""

    CSV = "csv"
    XLSX = "xlsx"
    JSONL = "jsonl"


class Reader(StrEnum):
    """Whose eyes an export is for."""

    OBSERVER = "观察员"
    ADMIN = "管理员"
    DIRECTOR = "运营总监"


def export_members(
    context: typer.Context,
    format_: Annotated[Format, typer.Option("--format", help="csv、xlsx 或 jsonl")] = Format.CSV,
    reader: Annotated[Reader, typer.Option("--as", help="按这个角色能看的导出")] = Reader.DIRECTOR,
) -> None:
    """把成员与标签写到标准输出；公式字符会加撇号，看不到的标签不导出。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        at = house.database.read(lambda uow: views.instant_of(uow, house.now()))
        count = house.database.read(lambda uow: _write(uow, house, at, format_, reader))
        detail = {"格式": format_.value, "角色": reader.value, "行数": count}
        row = AuditRow(house.now(), AUTHOR, EXPORTED, None, detail)
        house.database.write_sync(lambda uow: _note(uow, house, row, reader))


def _note(uow: UnitOfWork, house: House, row: AuditRow, reader: Reader) -> None:
    """That it was read, and that these tags are of use."""
    uow.audit.add(row)
    seen = [path for path in uow.tags.paths() if house.catalogue.may(reader.value, "view", path)]
    uses.note(uow, seen, uses.EXPORT, row.at)


def _write(uow: UnitOfWork, house: House, at: Instant, format_: Format, reader: Reader) -> int:
    world = rulesets.world(uow, house.zone, house.read_rules, at)

    def sees(path: str, value: str) -> bool:
        return house.catalogue.may(reader.value, "view", path, value)

    found = export.records(uow, world, at, sees)
    if format_ is Format.XLSX:
        return export.write_xlsx(found, sys.stdout.buffer)
    if format_ is Format.JSONL:
        return export.write_jsonl(found, sys.stdout)
    text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    count = export.write_csv(found, text)
    text.detach()  # flushes, and leaves standard output open
    return count


COMMANDS = (("export", export_members),)
