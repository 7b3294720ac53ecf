"""`events` and `import`: facts out of files."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import asdict
from typing import Annotated

import typer

from bot.cli.house import house_of
from bot.cli.output import print_json, print_table, progress, say
from config.settings import Settings
from handlers.files.chatlab import read_history
from handlers.files.event_lines import read_events
from handlers.files.outside import Outside
from handlers.files.run import Run, Summary
from handlers.files.source import Source
from handlers.house import House

AS_JSON = typer.Option("--json", help="只输出一个 JSON 文档")
SHOWN = 20
"""Refusals told to a person; the JSON has more."""


def events(
    context: typer.Context,
    file: Annotated[str, typer.Argument(help="事件文件（JSONL，可为 .gz）；- 表示标准输入")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """读入事件：逐行检查，坏行报出行号与原因，其余照收。"""
    settings: Settings = context.obj
    source = Source.open(file)
    with house_of(settings) as house:
        outside = Outside(house)
        run = Run(house, secrets.token_hex(8))
        with progress("读入事件", source.size) as update:
            run.take(read_events(source, outside), lambda: update(source.position, None))
            run.finish(lambda label: update(source.position, label))
    source.close()
    _tell(run.summary, as_json)


def import_(
    context: typer.Context,
    files: Annotated[list[str], typer.Argument(help="ChatLab 0.0.2 聊天记录（.json、.jsonl，可为 .gz）")],
    as_json: Annotated[bool, AS_JSON] = False,
) -> None:
    """导入历史聊天记录。只作历史，不会因此发出任何消息。"""
    settings: Settings = context.obj
    for file in files:
        Source.open(file).close()
    with house_of(settings) as house:
        run = Run(house, secrets.token_hex(8), historical=True)
        for file in files:
            _import_one(house, run, file, several=len(files) > 1)
        with progress("收尾", None) as update:
            run.finish(lambda label: update(0, label))
    _tell(run.summary, as_json)


def _import_one(house: House, run: Run, file: str, *, several: bool) -> None:
    size = Source.open(file).size
    opened: list[Source] = []

    def open_source() -> Source:
        opened.append(Source.open(file))
        return opened[-1]

    with progress(f"导入 {file}", size) as update:
        run.take(read_history(open_source), _position(opened, update), file if several else None)


def _position(opened: list[Source], update: Callable[[float, str | None], None]) -> Callable[[], None]:
    return lambda: update(opened[-1].position, None)


def _tell(summary: Summary, as_json: bool) -> None:
    if as_json:
        print_json(asdict(summary))
        return
    skipped = f"，略过 {summary.skipped} 条系统消息" if summary.skipped else ""
    say(f"读 {summary.read} 行：新增 {summary.new}，重复 {summary.duplicate}，拒绝 {summary.rejected}{skipped}")
    if summary.errors:
        rows = [(error.get("file", ""), error["line"], error["reason"]) for error in summary.errors[:SHOWN]]
        print_table("未收下的行", ("文件", "行", "原因"), rows)
        if summary.rejected > len(rows):
            say(f"（另有 {summary.rejected - len(rows)} 行，用 --json 看全）")


COMMANDS = (("events", events), ("import", import_))
