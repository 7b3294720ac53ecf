"""Many (member, after, until] spans as one table to join with, in a statement whose text is the same for any number.

A VALUES list would be compiled anew for every page of members, which costs more than running it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    Column,
    ColumnClause,
    Connection,
    FromClause,
    Row,
    Select,
    Table,
    Text,
    and_,
    bindparam,
    column,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

from bot.core.instants import Instant
from storage.statements import chunks
from storage.types import Ident

_COLUMNS: tuple[ColumnClause[Any], ...] = (
    column("member", Ident),
    column("after", BigInteger),
    column("until", BigInteger),
)

MemberSpan = tuple[str, Instant, Instant]
Built = Callable[[FromClause], Select[Any]]


class SpanQuery:
    """A query over a table of spans, with columns `member`, `after`, `until`; built once for each kind of database."""

    def __init__(self, build: Built) -> None:
        self._build = build
        self._built: dict[str, Select[Any]] = {}

    def run(self, connection: Connection, spans: Iterable[MemberSpan], page: int = 0) -> Iterator[Row[Any]]:
        """The rows for these spans, in the order asked in; `page`: how many are fetched at a time, if not all."""
        name = connection.dialect.name
        if name not in self._built:
            self._built[name] = self._build(_from_json() if name == "sqlite" else _from_arrays())
        options = {"yield_per": page} if page else {}
        for chunk in chunks(spans):
            values = _as_json(chunk) if name == "sqlite" else _as_arrays(chunk)
            yield from connection.execute(self._built[name], values, execution_options=options)


def within(table: Table, columns: Sequence[Column[Any]], order: Sequence[Column[Any]]) -> SpanQuery:
    """The rows of each member in a table with `member` and `at` in his own (after, until]."""

    def build(spans: FromClause) -> Select[Any]:
        mine = and_(table.c.member == spans.c.member, table.c.at > spans.c.after, table.c.at <= spans.c.until)
        return select(*columns).select_from(spans.join(table, mine)).order_by(*order)

    return SpanQuery(build)


def next_after(table: Table) -> SpanQuery:
    """The first row of each member in a table with `member` and `at` after his own instant, for those who have one."""

    def build(spans: FromClause) -> Select[Any]:
        mine = and_(table.c.member == spans.c.member, table.c.at > spans.c.after)
        first = select(spans.c.member, func.min(table.c.at)).select_from(spans.join(table, mine))
        return first.group_by(spans.c.member)

    return SpanQuery(build)


def _from_json() -> FromClause:
    each = func.json_each(bindparam("spans", type_=Text)).table_valued("value", name="each")
    parts = [
        func.json_extract(each.c.value, f"$[{place}]", type_=own.type).label(own.name)
        for place, own in enumerate(_COLUMNS)
    ]
    return select(*parts).cte("spans")


def _as_json(spans: Sequence[MemberSpan]) -> dict[str, Any]:
    return {"spans": orjson.dumps(spans).decode()}


def _from_arrays() -> FromClause:
    arrays = [bindparam(own.name, type_=ARRAY(own.type)) for own in _COLUMNS]
    return func.unnest(*arrays).table_valued(*_COLUMNS, name="spans").render_derived()


def _as_arrays(spans: Sequence[MemberSpan]) -> dict[str, Any]:
    return {own.name: [span[place] for span in spans] for place, own in enumerate(_COLUMNS)}
