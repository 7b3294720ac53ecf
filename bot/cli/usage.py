"""How the command line is used, told in Chinese: help pages, and what was wrong with a call.

Typer speaks English, and has no setting for it; what it says is replaced here, its classes by name.
"""

from __future__ import annotations

import os
import re
import sys
from typing import Any

import typer
from typer.core import TyperCommand, TyperGroup

OPTIONS, COMMAND = "[选项]", "命令 [参数]…"
HELP, PREFIX = "显示这段说明", "用法："
TITLES = {
    "ARGUMENTS_PANEL_TITLE": "参数",
    "OPTIONS_PANEL_TITLE": "选项",
    "COMMANDS_PANEL_TITLE": "命令",
    "REQUIRED_LONG_STRING": "[必填]",
    "DEFAULT_STRING": "[缺省：{}]",
}
"""Words of typer.rich_utils by the names of their constants."""
KINDS = {"<int>": "整数", "<float>": "数", "<path>": "路径", "<bool>": "是或否"}
SAYINGS = (
    (r"No such option: (\S+)", "没有这个选项：{}"),
    (r"Option '(.+)' requires an argument", "选项 {} 后面要有值"),
    (r"Option '(.+)' does not take a value", "选项 {} 不带值"),
    (r"No such command '(.+?)'", "没有这个命令：{}"),
    (r"Got unexpected extra argument\(s\) \((.+)\)", "多余的参数：{}"),
)
"""What Typer says of a wrong call, and the same in Chinese."""


def _speak() -> None:
    """Titles of help pages are constants of Typer, loaded with its drawing library when a page is asked for."""
    from typer import rich_utils

    for name, words in TITLES.items():
        setattr(rich_utils, name, words)


def _format_usage(self: Any, ctx: Any, formatter: Any) -> None:
    formatter.write_usage(ctx.command_path, " ".join(self.collect_usage_pieces(ctx)), PREFIX)


class Command(TyperCommand):
    """A command with a Chinese help page."""

    format_usage = _format_usage

    def __init__(self, name: str | None, **told: Any) -> None:
        super().__init__(name, **{**told, "options_metavar": OPTIONS})

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _speak()
        super().format_help(ctx, formatter)


class Group(TyperGroup):
    """A group of commands with a Chinese help page."""

    format_usage = _format_usage

    def __init__(self, **told: Any) -> None:
        super().__init__(**{**told, "options_metavar": OPTIONS, "subcommand_metavar": COMMAND})

    def get_help_option(self, ctx: Any) -> Any:
        return _in_chinese(super().get_help_option(ctx))

    def format_help(self, ctx: Any, formatter: Any) -> None:
        _speak()
        super().format_help(ctx, formatter)

    def invoke(self, ctx: Any) -> Any:
        """Run the command. Who reads our output may have had enough: nothing is wrong, and no more can be said."""
        try:
            found = super().invoke(ctx)
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            return None
        return found


def _in_chinese(option: Any) -> Any:
    if option is not None:
        option.help = HELP
    return option


def what_is_wrong(error: typer.TyperException) -> str:
    """One line on a wrong call; empty where a help page has been printed instead."""
    kind = type(error).__name__
    if kind == "NoArgsIsHelpError":
        return ""
    found: Any = error
    context = getattr(found, "ctx", None)
    hint = f"（看说明：{context.command_path} --help）" if context is not None else ""
    return f"用法不对：{_fault(kind, found)}{hint}"


def _fault(kind: str, error: Any) -> str:
    param = getattr(error, "param", None)
    if param is not None:
        name = f"{'选项' if param.param_type_name == 'option' else '参数'} {param.get_error_hint().strip(chr(39))}"
        return f"缺少{name}" if kind == "MissingParameter" else f"{name} 的值不对，应为{_expected(param, error.ctx)}"
    message = error.format_message()
    for saying, words in SAYINGS:
        if found := re.match(saying, message):
            return words.format(found[1])
    return "命令不完整"


def _expected(param: Any, context: Any) -> str:
    shown: str = param.display_type(context)
    return KINDS.get(shown, " " + shown.strip("<>").replace("|", "、"))
