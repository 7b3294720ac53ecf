"""What the command line prints: JSON on stdout, words and progress on the terminal, refusals on stderr."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    from rich.table import Table


def print_json(value: object) -> None:
    """One line of JSON."""
    sys.stdout.write(orjson.dumps(value, option=orjson.OPT_NON_STR_KEYS).decode() + "\n")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


def say_error(text: str) -> None:
    """One line on stderr."""
    sys.stderr.write(" ".join(text.split()) + "\n")


def print_table(title: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    """A table for a person; cells are text, never markup."""
    from rich.console import Console
    from rich.table import Column, Table
    from rich.text import Text

    # Folded, not cut: Chinese has no blanks to wrap at, and a cell that ends in "…" says nothing.
    table: Table = Table(*(Column(column, overflow="fold") for column in columns), title=title)
    for row in rows:
        table.add_row(*(Text(str(cell)) for cell in row))
    Console().print(table)


def _nothing(done: float, label: str | None = None) -> None:
    return


@contextmanager
def progress(label: str, total: float | None) -> Iterator[Callable[[float, str | None], None]]:
    """A progress bar on a terminal, nothing elsewhere. The function given takes how much is done, and what goes on."""
    if not sys.stderr.isatty():
        yield _nothing
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(label, total=total)

        def update(done: float, label: str | None = None) -> None:
            shown.update(task, completed=done, description=label)

        yield update
