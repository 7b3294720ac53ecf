"""Column types and field builders: one place says how an id, an instant or a JSON value is kept on both databases."""

from __future__ import annotations

from typing import Any

import orjson
from sqlalchemy import BigInteger, Boolean, Column, Dialect, Float, Integer, LargeBinary, Table, Text
from sqlalchemy.types import TypeDecorator
from sqlmodel import Field, SQLModel

INSTANT_COMMENT = "microseconds since 1970-01-01T00:00Z"

Ident = Text(collation="C").with_variant(Text(), "sqlite")
"""Keys sort by code point on both databases, as Python sorts them; a server's own locale would not."""

Counter = BigInteger().with_variant(Integer(), "sqlite")
"""SQLite numbers rows by itself only for a column declared INTEGER."""


def _plain(value: object) -> Any:
    if hasattr(value, "keys"):
        return dict(value)  # type: ignore[call-overload]
    if isinstance(value, (set, frozenset)):
        return sorted(value)
    raise TypeError(type(value).__name__)


def dump_json(value: object) -> str:
    """JSON text with sorted keys, so that equal values are equal bytes. Raises TypeError for what JSON cannot say."""
    return orjson.dumps(value, default=_plain, option=orjson.OPT_SORT_KEYS).decode()


class JsonText(TypeDecorator[Any]):
    """A JSON value kept as text: the same bytes on SQLite and PostgreSQL."""

    impl = Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        return None if value is None else dump_json(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        return None if value is None else orjson.loads(value)


def table_of(model: type[SQLModel]) -> Table:
    """The Core table of a model, for hot paths and for statements."""
    table = vars(model)["__table__"]
    assert isinstance(table, Table)
    return table


def counter() -> Any:
    """A primary key that the database numbers."""
    return Field(default=None, sa_column=Column(Counter, primary_key=True, autoincrement=True))


def ident(*, key: bool = False, nullable: bool = False, unique: bool = False) -> Any:
    """An id given by the platform or by the house; ids order by code point."""
    return Field(sa_column=Column(Ident, primary_key=key, nullable=nullable, unique=unique))


def moment(*, key: bool = False, nullable: bool = False) -> Any:
    """An Instant."""
    column = Column(BigInteger, primary_key=key, nullable=nullable, autoincrement=False, comment=INSTANT_COMMENT)
    return Field(sa_column=column)


def whole(*, key: bool = False, nullable: bool = False) -> Any:
    """A whole number."""
    return Field(sa_column=Column(BigInteger, primary_key=key, nullable=nullable, autoincrement=False))


def real(*, nullable: bool = False) -> Any:
    """A double."""
    return Field(sa_column=Column(Float(53), nullable=nullable))


def flag() -> Any:
    """Yes or no, never unknown."""
    return Field(sa_column=Column(Boolean, nullable=False))


def prose(*, nullable: bool = False) -> Any:
    """Any text."""
    return Field(sa_column=Column(Text, nullable=nullable))


def blob(*, nullable: bool = False) -> Any:
    """Bytes."""
    return Field(sa_column=Column(LargeBinary, nullable=nullable))


def json() -> Any:
    """A JSON value, decoded when read through Core."""
    return Field(sa_column=Column(JsonText, nullable=False))
