"""Many (member, after, until] spans as one table to join with, in a statement whose text is the same for any number.

A VALUES list would be compiled anew for every page of members, which costs more than running it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import orjson
from sqlalchemy import BigInteger, ColumnClause, Connection, FromClause, Text, bindparam, column, func, select
from sqlalchemy.dialects.postgresql import ARRAY

from bot.core.instants import Instant
from storage.types import Ident

_COLUMNS: tuple[ColumnClause[Any], ...] = (
    column("member", Ident),
    column("after", BigInteger),
    column("until", BigInteger),
)

MemberSpan = tuple[str, Instant, Instant]


def spans_table(connection: Connection, spans: Sequence[MemberSpan]) -> FromClause:
    """A table with columns `member`, `after`, `until`."""
    return _from_json(spans) if connection.dialect.name == "sqlite" else _from_arrays(spans)


def _from_json(spans: Sequence[MemberSpan]) -> FromClause:
    text = bindparam("spans", orjson.dumps(spans).decode(), Text, unique=True)
    each = func.json_each(text).table_valued("value", name="each")
    parts = [
        func.json_extract(each.c.value, f"$[{place}]", type_=own.type).label(own.name)
        for place, own in enumerate(_COLUMNS)
    ]
    return select(*parts).cte("spans")


def _from_arrays(spans: Sequence[MemberSpan]) -> FromClause:
    arrays = [
        bindparam(own.name, [span[place] for span in spans], ARRAY(Text if place == 0 else BigInteger), unique=True)
        for place, own in enumerate(_COLUMNS)
    ]
    return func.unnest(*arrays).table_valued(*_COLUMNS, name="spans").render_derived()
