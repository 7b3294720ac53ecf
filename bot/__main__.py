"""The command line: `python -m bot …` or `qunbiao …`. Each group of commands adds itself by one name in COMMANDS."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from bot.cli import (
    classifying,
    exporting,
    housekeeping,
    lessons,
    looking,
    previewing,
    reporting,
    ruling,
    running,
    sweeping,
    taking_in,
    training,
)
from bot.cli.output import say_error
from bot.cli.usage import Command, Group, what_is_wrong
from bot.errors import Refused, why

COMMANDS: tuple[tuple[str, Callable[..., None]], ...] = (
    *running.COMMANDS,
    *taking_in.COMMANDS,
    *sweeping.COMMANDS,
    *looking.COMMANDS,
    *previewing.COMMANDS,
    *reporting.COMMANDS,
    *housekeeping.COMMANDS,
    *exporting.COMMANDS,
    *classifying.COMMANDS,
    *training.COMMANDS,
)

app = typer.Typer(
    cls=Group,
    help="群标：住在微信群里的运营机器人。实时评分、入群问卷、多维标签，标出新人、沉默与扰乱成员。",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for name, command in COMMANDS:
    app.command(name, cls=Command)(command)
app.add_typer(ruling.app, name="rules")
app.add_typer(lessons.app, name="models")


@app.callback()
def options(
    context: typer.Context,
    db: Annotated[str | None, typer.Option(help="数据库地址（缺省取 BOT_DATABASE_URL，再缺省为 data/bot.db）")] = None,
    config: Annotated[Path | None, typer.Option(help="配置目录（缺省取 BOT_CONFIG_DIR，再缺省为自带配置）")] = None,
) -> None:
    """What every command may be told."""
    from config.settings import load_settings

    settings = load_settings()
    told = {"database_url": db, "config_dir": config}
    context.obj = settings.model_copy(update={key: value for key, value in told.items() if value is not None})


def main() -> None:
    """Run a command; a refusal is one line and exit status 1, wrong usage is 2."""
    try:
        sys.exit(app(standalone_mode=False))
    except SystemExit as end:
        # The libraries that draw tables and help pages exit with 1 when their reader has had enough; nothing is wrong.
        sys.exit(0 if isinstance(end.__context__, BrokenPipeError) else end.code)
    except typer.TyperException as misuse:
        if words := what_is_wrong(misuse):
            say_error(words)
        sys.exit(2)
    except typer.Abort:
        say_error("已中断")
        sys.exit(1)
    except Refused as reason:
        say_error(str(reason))
        sys.exit(1)
    except OSError as error:
        say_error(f"系统错误：{why(error)}")
        sys.exit(1)


if __name__ == "__main__":
    main()
