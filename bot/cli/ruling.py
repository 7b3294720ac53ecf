"""`rules`: versions of the rules, tried, activated and rolled back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.cli.house import AUTHOR, house_of
from bot.cli.output import print_json, print_table, progress, say
from bot.cli.taking_in import AS_JSON
from bot.cli.usage import Command, Group
from bot.core.instants import iso
from bot.errors import BadInput
from bot.services import rulesets
from bot.services.rehearsal import Rehearsal
from bot.services.rulesets import Draft
from config.loader import digest, read_rule_file
from config.settings import Settings
from handlers import ruling
from handlers.house import House
from storage.unit_of_work import UnitOfWork

FILE = typer.Argument(help="规则文件（TOML），写法同 config/rulesets/default.toml")
NUMBER = typer.Argument(help="版本号，见 rules list")

app = typer.Typer(cls=Group, help="规则集的版本：列出、查看、试算、启用、回滚。", no_args_is_help=True)


def _draft(file: Path) -> Draft:
    rules, content = read_rule_file(file)
    return Draft(content, digest(content), rules)


@app.command("list", cls=Command)
def list_versions(context: typer.Context, as_json: Annotated[bool, AS_JSON] = False) -> None:
    """列出各版规则：作者、说明、何时生效、是否已回滚。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        found = house.database.read(lambda uow: _versions(uow, house))
    if as_json:
        print_json(found)
        return
    rows = [(("→ " if one["active"] else "") + str(one["number"]), one["author"], one["note"]) for one in found]
    print_table("规则集", ("版本", "作者", "说明", "生效"), [
        (*row, "；".join(_since(turn) for turn in one["activations"])) for row, one in zip(rows, found, strict=True)
    ])  # fmt: skip


def _since(turn: dict[str, Any]) -> str:
    return ("自始" if turn["from"] is None else turn["from"][:16]) + ("（已回滚）" if turn["rolled_back"] else "")


def _versions(uow: UnitOfWork, house: House) -> list[dict[str, Any]]:
    current = rulesets.in_force(uow, house.now()).number
    return [_version(uow, house, row.number, current) for row in uow.rule_sets.all()]


def _version(uow: UnitOfWork, house: House, number: int, current: int) -> dict[str, Any]:
    row = rulesets.stored(uow, number)
    turns = [
        {
            "from": None if turn.at == rulesets.FIRST else iso(turn.at, house.zone),
            "by": turn.actor,
            "note": turn.note,
            "rolled_back": turn.voided_at is not None,
        }
        for turn in rulesets.since_of(uow, number)
    ]
    told = {"number": number, "author": row.author, "note": row.note, "created_at": iso(row.created_at, house.zone)}
    return {**told, "active": number == current, "activations": turns}


@app.command(cls=Command)
def show(context: typer.Context, number: Annotated[int, NUMBER], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """看一版规则：与上一版的不同，和全文。"""
    settings: Settings = context.obj
    with house_of(settings) as house:
        found = house.database.read(lambda uow: _shown(uow, house, number))
    if as_json:
        print_json(found)
        return
    say(f"第 {number} 版　{found['author']}　{found['note']}" + ("　（生效中）" if found["active"] else ""))
    _say_diff(found["diff"])
    say(found["content"])


def _shown(uow: UnitOfWork, house: House, number: int) -> dict[str, Any]:
    row, before = rulesets.stored(uow, number), rulesets.compared_with(uow, number)
    changes = [] if before is None else rulesets.diff(house.read_rules(before.content), house.read_rules(row.content))
    told = _version(uow, house, number, rulesets.in_force(uow, house.now()).number)
    return {**told, "compared_with": None if before is None else before.number, "diff": changes, "content": row.content}


def _say_diff(changes: list[dict[str, Any]]) -> None:
    if changes:
        print_table("改动", ("项", "原来", "现在"), [(one["key"], one["from"], one["to"]) for one in changes])


@app.command("dry-run", cls=Command)
def dry_run(context: typer.Context, file: Annotated[Path, FILE], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """试算：谁会得到、失去哪些标签，会发多少消息。什么都不保存。"""
    settings: Settings = context.obj
    draft = _draft(file)
    with house_of(settings) as house:
        total = house.database.read(lambda uow: uow.members.count())
        with progress("试算", total) as update:
            trial = ruling.rehearse(house, draft.rules, lambda behind: update(behind, None))
        current = house.database.read(lambda uow: rulesets.in_force(uow, house.now()))
        changes = rulesets.diff(house.read_rules(current.content), draft.rules)
    if as_json:
        print_json({**trial.as_record(), "diff": changes})
    else:
        _say_trial(trial, changes)


def _say_trial(trial: Rehearsal, changes: list[dict[str, Any]]) -> None:
    _say_diff(changes)
    found = trial.as_record()
    rows = [("＋", tag, len(members), "、".join(members[:8])) for tag, members in found["gain"].items()]
    rows += [("－", tag, len(members), "、".join(members[:8])) for tag, members in found["lose"].items()]
    print_table("标签变化", ("", "标签", "人数", "例如"), rows)
    say("会发：" + ("、".join(f"{kind} {count} 条" for kind, count in found["would_send"].items()) or "没有"))


@app.command(cls=Command)
def activate(
    context: typer.Context,
    file: Annotated[Path, FILE],
    note: Annotated[str, typer.Option(help="为什么改")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """启用一份规则：从上一次 sweep 的时间（机器人运行时：现在）起生效，成员随即重新评定。"""
    if not note.strip():
        raise BadInput("--note：请写明为什么改")
    draft = _draft(file)

    def unit(uow: UnitOfWork, house: House) -> int:
        return rulesets.activate(uow, draft, house.now(), AUTHOR, note)

    number = _changed(context.obj, unit)
    print_json({"number": number}) if as_json else say(f"第 {number} 版已启用")


@app.command(cls=Command)
def rollback(context: typer.Context, number: Annotated[int, NUMBER], as_json: Annotated[bool, AS_JSON] = False) -> None:
    """回到一版旧规则：其后各版作废，其后的删除与撤回照样有效。"""

    def unit(uow: UnitOfWork, house: House) -> int:
        rulesets.roll_back(uow, number, house.now(), AUTHOR)
        return number

    _changed(context.obj, unit)
    print_json({"number": number}) if as_json else say(f"已回到第 {number} 版")


def _changed(settings: Settings, unit: Callable[[UnitOfWork, House], int]) -> int:
    """Write a change of rules down, then bring everybody across it."""
    with house_of(settings) as house:
        ruling.settle(house)
        number = house.database.write_sync(lambda uow: unit(uow, house))
        total = house.database.read(lambda uow: uow.members.count())
        with progress("重新评定", total) as update:
            ruling.settle(house, lambda behind: update(behind, None))
    return number
