"""`export`: members and tags as one role may see them; for others under a keyed hash, or as totals of many."""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from typing import Annotated, NamedTuple

import typer

from bot.cli.house import AUTHOR, house_of
from bot.core.instants import Instant
from bot.core.world import World
from bot.errors import BadInput
from bot.services import export, sharing, uses, views
from config.settings import Settings
from handlers.house import House
from storage.rows import AuditRow
from storage.unit_of_work import UnitOfWork

EXPORTED = "导出"


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
    share: Annotated[bool, typer.Option("--share", help="给外部：只有同意对外提供的成员，编号换成加密哈希")] = False,
    system: Annotated[str | None, typer.Option(help="与 --share 合用：用成员在这个系统绑定的编号来算哈希")] = None,
    totals: Annotated[bool, typer.Option("--totals", help="只导出各标签的人数，不足 5 人的不导出")] = False,
) -> None:
    """把成员与标签写到标准输出；公式字符会加撇号，看不到的标签不导出。"""
    settings: Settings = context.obj
    content = _content(settings, share, system, totals)
    with house_of(settings) as house:
        at = house.database.read(lambda uow: views.instant_of(uow, house.now()))
        count = house.database.read(lambda uow: _write(content(uow, _view(uow, house, at, reader)), format_))
        detail = {"格式": format_.value, "角色": reader.value, "行数": count, **_purpose(share, system, totals)}
        row = AuditRow(house.now(), AUTHOR, EXPORTED, None, detail)
        house.database.write_sync(lambda uow: _note(uow, house, row, reader))


class View(NamedTuple):
    """What an export looks at: rules, the instant, and through whose eyes."""

    world: World
    at: Instant
    sees: export.Sees


Content = Callable[[UnitOfWork, View], tuple[Iterator[export.Record], export.Layout]]


def _content(settings: Settings, share: bool, system: str | None, totals: bool) -> Content:
    """What to export. Raises BadInput for options that contradict each other, and for --share without a secret."""
    if share and totals:
        raise BadInput("--share 与 --totals 只能选一个")
    if system is not None and not share:
        raise BadInput("--system 要与 --share 合用")
    if totals:
        return lambda uow, view: (sharing.totals(uow, *view), sharing.TOTALS)
    if not share:
        return lambda uow, view: (export.records(uow, *view), export.MEMBERS)
    if settings.secret is None:
        raise BadInput("没有设置 BOT_SECRET，不能导出给外部：编号要用它加密")
    secret = settings.secret.get_secret_value()
    return lambda uow, view: (
        sharing.records(uow, *view, sharing.keys(uow, secret, system, view.at)),
        sharing.SHARED,
    )


def _purpose(share: bool, system: str | None, totals: bool) -> dict[str, str]:
    """For the audit: who it was made for."""
    if totals:
        return {"用途": "汇总"}
    return {"用途": f"对外提供（{system}）" if system else "对外提供"} if share else {}


def _view(uow: UnitOfWork, house: House, at: Instant, reader: Reader) -> View:
    world = house.world(uow, at)  # from now on the catalogue knows the operators' own tags
    return View(world, at, lambda path, value: house.catalogue.may(reader.value, "view", path, value))


def _note(uow: UnitOfWork, house: House, row: AuditRow, reader: Reader) -> None:
    """That it was read, and that these tags are of use."""
    uow.audit.add(row)
    seen = [path for path in uow.tags.paths() if house.catalogue.may(reader.value, "view", path)]
    uses.note(uow, seen, uses.EXPORT, row.at)


def _write(content: tuple[Iterator[export.Record], export.Layout], format_: Format) -> int:
    found, layout = content
    if format_ is Format.XLSX:
        return export.write_xlsx(found, layout, sys.stdout.buffer)
    if format_ is Format.JSONL:
        return export.write_jsonl(found, sys.stdout)
    text = io.TextIOWrapper(sys.stdout.buffer, encoding="utf-8", newline="")
    count = export.write_csv(found, layout, text)
    text.detach()  # flushes, and leaves standard output open
    return count


COMMANDS = (("export", export_members),)
