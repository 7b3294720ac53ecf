"""Members and their tags as a table or as JSON lines, masked by role, safe to open in a spreadsheet (RULEBOOK §8)."""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, NamedTuple, TextIO

import orjson

from bot.core.instants import Instant
from bot.core.world import World
from bot.services import views
from bot.services.views import Asked
from storage.unit_of_work import UnitOfWork

Sees = Callable[[str, str], bool]
"""Whether the reader may see a tag, by path and value."""
Record = dict[str, Any]
RISKY = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
"""A cell that begins so is read as a formula by one spreadsheet or another."""
LONGEST_CELL = 32_000
"""Characters that a spreadsheet's cell can hold."""


class Layout(NamedTuple):
    """Columns of a table: those of a record itself, then those of each of its tags."""

    of_record: tuple[str, ...]
    of_tag: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        return self.of_record + self.of_tag


MEMBERS = Layout(
    ("member", "name", "groups", "joined_at", "score"),
    ("path", "value", "weight", "source", "since", "expires_at", "because"),
)


def records(uow: UnitOfWork, world: World, at: Instant, sees: Sees) -> Iterator[Record]:
    """CONTRACT `members --json`, page by page; a tag that the reader may not see is left out as if it were not there.

    A score is drawn from spending too: who may not see 消费能力 does not get it.
    """
    for shown in views.members(uow, Asked(), world, at):
        record = views.member_record(shown, world)
        record["tags"] = [tag for tag in record["tags"] if sees(tag["path"], tag["value"])]
        if not sees("消费能力/等级", "高价值"):
            record["score"] = None
        yield record


def rows(found: Iterator[Record], layout: Layout) -> Iterator[list[Any]]:
    """A row a tag; a record without tags has one row of its own."""
    for record in found:
        own = [safe(_plain(record[name])) for name in layout.of_record]
        for tag in record.get("tags") or [{}]:
            yield [*own, *(safe(_plain(tag.get(name))) for name in layout.of_tag)]


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return "、".join(value)
    return orjson.dumps(value).decode() if isinstance(value, dict) else value


def safe(cell: Any) -> Any:
    """A text that a spreadsheet shows as it stands: what would be a formula gets an apostrophe before it."""
    if not isinstance(cell, str):
        return cell
    shown = "".join(char for char in cell[:LONGEST_CELL] if char >= " " or char in "\t\n\r")
    return f"'{shown}" if shown.lstrip(" ").startswith(RISKY) else shown


def write_jsonl(found: Iterator[Record], to: TextIO) -> int:
    """Returns how many records were written."""
    count = 0
    for record in found:
        to.write(orjson.dumps(record).decode() + "\n")
        count += 1
    return count


def write_csv(found: Iterator[Record], layout: Layout, to: TextIO) -> int:
    """With a byte order mark, without which spreadsheets take Chinese for something else. Returns how many rows."""
    to.write("\ufeff")
    writer = csv.writer(to, lineterminator="\r\n")
    writer.writerow(layout.columns)
    count = 0
    for row in rows(found, layout):
        writer.writerow(row)
        count += 1
    return count


def write_xlsx(found: Iterator[Record], layout: Layout, to: BinaryIO) -> int:
    """Rows go to the disk as they come. Returns how many."""
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    sheet = book.create_sheet("成员标签")
    sheet.append(layout.columns)
    count = 0
    for row in rows(found, layout):
        sheet.append(row)
        count += 1
    book.save(to)
    return count
