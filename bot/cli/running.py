"""`run` and `demo`: the bot itself. What they need is loaded only when they are asked for."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from config.settings import Settings


class Mode(StrEnum):
    """How far the bot may go by itself."""

    OBSERVE = "observe"
    ASSIST = "assist"
    AUTO = "auto"


def run(
    context: typer.Context,
    mode: Annotated[
        Mode | None, typer.Option(help="observe 只观察、assist 人工确认、auto 自动（缺省：本地群 auto，微信 observe）")
    ] = None,
    script: Annotated[Path | None, typer.Option(help="在本地群里演一遍这个文件里的台词，并打印对话")] = None,
) -> None:
    """启动机器人：有微信网关设置就进微信，否则在内置的本地群里。"""
    from bot.cli import live

    settings: Settings = context.obj
    asked = None if mode is None else mode.value
    asyncio.run(live.run(settings, asked, script))


def demo(context: typer.Context) -> None:
    """几秒钟演完一个群的八周：新人、召回、刷屏、下单、管理员。"""
    from rich.console import Console

    from bot.cli.demo import fresh_database, play
    from bot.cli.house import house_of

    settings: Settings = context.obj
    with tempfile.TemporaryDirectory() as folder:
        own = settings.model_copy(update={"database_url": fresh_database(Path(folder)), "directors": ()})
        with house_of(own) as house:
            asyncio.run(play(house, Console()))


COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (("run", run), ("demo", demo))
