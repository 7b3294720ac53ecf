"""Batched writes straight to the driver, and the small pieces every repository shares.

SQLAlchemy's own executemany builds a dictionary per row; on the ingest path that costs more than SQLite does. The
statements are still made from the models' tables, once per process.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Column, Connection, Table

from storage.types import JsonText, dump_json

T = TypeVar("T")

CHUNK = 500
"""Keys per IN list and rows per executemany: far below both databases' limits on parameters."""


def chunks(items: Iterable[T], size: int = CHUNK) -> Iterator[list[T]]:
    """Lists of at most `size`, in order."""
    source = iter(items)
    while chunk := list(islice(source, size)):
        yield chunk


def columns_of(table: Table, row: type[Any]) -> list[Column[Any]]:
    """The columns of `table` in the order of a named tuple's fields."""
    return [table.c[name] for name in row._fields]


def _quoted(names: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def keep_first(*key: str) -> str:
    """ON CONFLICT clause: the row that is there stays."""
    return f"ON CONFLICT ({_quoted(key)}) DO NOTHING"


def replace_row(row: type[Any], *key: str, keep: Sequence[str] = ()) -> str:
    """ON CONFLICT clause: every other column takes the new row's value, except those to keep."""
    sets = ", ".join(f'"{name}" = excluded."{name}"' for name in row._fields if name not in (*key, *keep))
    return f"ON CONFLICT ({_quoted(key)}) DO UPDATE SET {sets}"


class BatchInsert:
    """INSERT of many tuples in the order of `fields`, with an optional ON CONFLICT clause."""

    def __init__(self, table: Table, fields: Sequence[str], conflict: str = "") -> None:
        self._json = [index for index, name in enumerate(fields) if isinstance(table.c[name].type, JsonText)]
        head = f'INSERT INTO "{table.name}" ({_quoted(fields)}) VALUES'
        self._sql = {mark: f"{head} ({', '.join([mark] * len(fields))}) {conflict}".strip() for mark in ("?", "%s")}

    def run(self, connection: Connection, rows: Iterable[Sequence[Any]]) -> int:
        """Insert the rows; returns how many rows the database says it wrote."""
        sql = self._sql["?" if connection.dialect.name == "sqlite" else "%s"]
        source = (self._encoded(row) for row in rows) if self._json else rows
        return sum(connection.exec_driver_sql(sql, chunk).rowcount for chunk in chunks(source))

    def _encoded(self, row: Sequence[Any]) -> tuple[Any, ...]:
        values = list(row)
        for index in self._json:
            values[index] = dump_json(values[index])
        return tuple(values)
