"""`members`, `why`, `segment`, `outbox`: what is known, and why."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from itertools import chain
from typing import Annotated, Any

import typer

from bot.cli.house import AUTHOR, house_of, reader_of
from bot.cli.output import print_json, print_table, say
from bot.cli.standard_input import input_lines
from bot.cli.taking_in import AS_JSON
from bot.errors import BadInput
from bot.services import rulesets, uses, views
from bot.services.views import NO_PATH, Asked
from config.settings import Settings
from handlers import outbox_words
from handlers.house import House
from handlers.reasons import plain
from storage.rows import AuditRow
from storage.unit_of_work import UnitOfWork

AS_LINES = typer.Option("--json", help="输出 JSON 行")


def members(
    context: typer.Context,
    group: Annotated[str | None, typer.Option(help="只看这个群里的人")] = None,
    tag: Annotated[str | None, typer.Option(help="只看有这个标签的人：路径 或 路径=值")] = None,
    as_json: Annotated[bool, AS_LINES] = False,
) -> None:
    """列出成员与标签。"""
    path, equals, value = (tag or "").partition("=")
    asked = Asked(group, path or None, value if equals else None)
    settings: Settings = context.obj
    with house_of(settings) as house:
        house.database.write_sync(lambda uow: _note_query(uow, house, asked))
        house.database.read(lambda uow: _list(uow, house, asked, as_json))


def _note_query(uow: UnitOfWork, house: House, asked: Asked) -> None:
    """Before anything is printed: whoever reads the list may go away in the middle of it."""
    if asked.path is not None and house.catalogue.get(asked.path) is not None:
        uses.note(uow, [asked.path], uses.QUERY, house.now())
    wanted = "=".join(part for part in (asked.path, asked.value) if part is not None)
    detail = {key: value for key, value in (("参数", wanted), ("群", asked.group)) if value}
    uow.audit.add(AuditRow(house.now(), AUTHOR, "成员", None, detail))


def _list(uow: UnitOfWork, house: House, asked: Asked, as_json: bool) -> None:
    """Print while reading: the list may be long. Raises BadInput for a tag path that nobody has ever heard of."""
    at = views.instant_of(uow, house.now())
    world = house.world(uow, at)
    found = views.members(uow, asked, world, at)
    first = next(found, None)
    if first is None and asked.path is not None and not _is_path(uow, house, asked.path):
        raise BadInput(NO_PATH.format(asked.path))
    records = (views.member_record(shown, world) for shown in chain([first] if first else [], found))
    if as_json:
        for record in records:
            print_json(record)
    else:
        print_table("成员", ("成员", "名字", "入群", "成员分", "标签"), list(map(_member_row, records)))


def _is_path(uow: UnitOfWork, house: House, path: str) -> bool:
    """Whether the catalogue has the path, or somebody once had a tag under it (one imported from elsewhere, say)."""
    return house.catalogue.get(path) is not None or uow.tags.was_held(path)


def _member_row(record: dict[str, Any]) -> tuple[str, ...]:
    tags = " ".join(f"{tag['path'].partition('/')[2]}:{tag['value']}" for tag in record["tags"])
    points = "—" if record["score"] is None else f"{record['score']:.0f}"
    return record["member"], record["name"], (record["joined_at"] or "—")[:10], points, tags


def why(
    context: typer.Context,
    member: Annotated[str, typer.Argument(help="成员的 id")],
    path: Annotated[str, typer.Argument(help="标签路径，如 生命周期/阶段")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """说明一个成员为什么有（或没有）某个标签。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        found = house.database.read(lambda uow: _why(uow, house, member, path))
        row = AuditRow(house.now(), AUTHOR, "为什么", member, {"参数": path})
        house.database.write_sync(lambda uow: uow.audit.add(row))
    if as_json:
        print_json(found)
    else:
        _explain(found)


def _why(uow: UnitOfWork, house: House, member: str, path: str) -> dict[str, Any]:
    at = views.instant_of(uow, house.now())
    return views.why(uow, member, path, rulesets.world(uow, house.zone, house.read_rules, at), at)


def _explain(found: dict[str, Any]) -> None:
    held = "、".join(f"{tag['value']}（{tag['weight']:.2f}，自 {tag['since'][:16]}）" for tag in found["tags"])
    say(f"{found['name'] or found['member']}  {found['path']}：{held or '没有这个标签'}")
    owners = {tag.get("rule") for tag in found["tags"]}
    for rule in sorted(found["rules"], key=lambda rule: rule["rule"] not in owners):
        rows = [("事实", key, plain(value)) for key, value in rule["facts"].items()]
        rows += [("门槛", key, plain(value)) for key, value in rule["bars"].items()]
        print_table(f"规则 {rule['rule']}（规则集 {found['rule_set']}）", ("", "名称", "值"), rows)
        say(f"何时结束：{rule['ends']}")


def segment(context: typer.Context, as_json: Annotated[bool, AS_LINES] = False) -> None:
    """把标准输入的每一行切成词。"""
    words = reader_of(context.obj).words
    for line in input_lines():
        cut = words(line)
        if as_json:
            print_json(cut)
        else:
            say(" / ".join(cut))
        sys.stdout.flush()


def outbox(
    context: typer.Context,
    status: Annotated[str | None, typer.Option(help="只看这个状态：queued、sent、withheld …")] = None,
    as_json: Annotated[bool, AS_LINES] = False,
) -> None:
    """列出要发与已发的消息，及其状态与原因。"""
    settings: Settings = context.obj
    if status is not None and status not in outbox_words.STATES:
        raise BadInput(f"没有这个状态：{status}（有 {'、'.join(outbox_words.STATES)}）")
    with house_of(settings) as house:
        rows: Iterable[dict[str, Any]] = house.database.read(lambda uow: list(views.outbox(uow, status, house.zone)))
    if as_json:
        for row in rows:
            print_json(row)
    else:
        kind, state = outbox_words.kind, outbox_words.state
        cells = [
            (row["id"], kind(row["kind"]), row["to"], state(row["status"]), row["reason"], row["text"][:40])
            for row in rows
        ]
        print_table("发件箱", ("号", "类别", "给谁", "状态", "原因", "内容"), cells)


COMMANDS = (("members", members), ("why", why), ("segment", segment), ("outbox", outbox))
