"""A logical dump: gzip of JSON lines, readable on any system and by either database.

First line: format and revision. Then, per table, one line naming it and its columns, followed by its rows as arrays
(bytes as base64). Last line: how many rows each table has; a dump without it was cut.
"""

from __future__ import annotations

import gzip
import zlib
from base64 import b64decode, b64encode
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

import orjson
from sqlalchemy import Connection, LargeBinary, func, select

from storage import schema
from storage.models import METADATA
from storage.refusals import DatabaseUnusable
from storage.statements import CHUNK, BatchInsert

FORMAT = "qunbiao-dump-1"


def write(connection: Connection, path: Path) -> None:
    """Dump every table as the connection's snapshot sees it."""
    counts: dict[str, int] = {}
    with gzip.open(path, "wb", compresslevel=6) as file:
        file.write(_line({"format": FORMAT, "revision": schema.revision_of(connection)}))
        for table in METADATA.sorted_tables:
            name = str(table.name)  # the library's own kind of str is none that orjson knows
            file.write(_line({"table": name, "columns": [str(column.name) for column in table.columns]}))
            counts[name] = 0
            for row in connection.execute(select(table), execution_options={"yield_per": CHUNK}):
                file.write(_line(_out(row)))
                counts[name] += 1
        file.write(_line({"end": counts}))


def verify(path: Path) -> dict[str, int]:
    """Read a dump to its end; returns rows per table. Raises DatabaseUnusable when it is cut, damaged or not ours."""
    lines = _lines(path)
    head = next(lines, None)
    if not isinstance(head, dict) or head.get("format") != FORMAT:
        raise DatabaseUnusable("这个文件不是本程序的备份")
    _check_revision(head["revision"])
    counts: dict[str, int] = {}
    table = ""
    for line in lines:
        if isinstance(line, list):
            counts[table] += 1
        elif "end" in line:
            return _complete(line["end"], counts)
        else:
            table = line["table"]
            counts[table] = 0
    raise DatabaseUnusable("备份文件不完整")


def read(connection: Connection, path: Path) -> None:
    """Replace every table's rows by those of a verified dump, in the open transaction."""
    for table in reversed(METADATA.sorted_tables):
        connection.execute(table.delete())
    head: dict[str, Any] = {}
    # Lines about tables in a row are empty tables; the last of them names the table of the rows that follow.
    for is_rows, group in groupby(_lines(path), key=lambda line: isinstance(line, list)):
        if is_rows:
            _insert(connection, head, group)
        else:
            head = list(group)[-1]
    if connection.dialect.name == "postgresql":
        _renumber(connection)


def _insert(connection: Connection, head: dict[str, Any], rows: Iterator[list[Any]]) -> None:
    table = METADATA.tables[head["table"]]
    columns: list[str] = head["columns"]
    blobs = [index for index, name in enumerate(columns) if isinstance(table.c[name].type, LargeBinary)]
    BatchInsert(table, columns).run(connection, (_in(row, blobs) for row in rows))


def _renumber(connection: Connection) -> None:
    """Let the counters go on after the highest number that was read."""
    for table in METADATA.sorted_tables:
        for column in table.primary_key:
            if column.autoincrement is True:
                highest = connection.scalar(select(func.max(column)))
                sequence = func.pg_get_serial_sequence(table.name, column.name)
                connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))


def _complete(announced: dict[str, int], found: dict[str, int]) -> dict[str, int]:
    if announced != found or set(found) != set(METADATA.tables):
        raise DatabaseUnusable("备份文件不完整")
    return found


def _check_revision(revision: str) -> None:
    schema.check_known(revision)
    if revision != schema.HEAD:
        raise DatabaseUnusable("备份由旧版本写成：请用当时的版本恢复，再升级程序")


def _line(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_APPEND_NEWLINE)


def _out(row: Sequence[Any]) -> list[Any]:
    return [b64encode(value).decode() if isinstance(value, bytes) else value for value in row]


def _in(row: list[Any], blobs: list[int]) -> tuple[Any, ...]:
    for index in blobs:
        row[index] = None if row[index] is None else b64decode(row[index])
    return tuple(row)


def _lines(path: Path) -> Iterator[Any]:
    try:
        with gzip.open(path, "rb") as file:
            yield from map(orjson.loads, file)
    except EOFError as error:
        raise DatabaseUnusable("备份文件不完整") from error
    except (OSError, zlib.error, orjson.JSONDecodeError) as error:
        raise DatabaseUnusable("备份文件读不出：不是本程序的备份，或已损坏") from error
