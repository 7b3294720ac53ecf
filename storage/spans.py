"""Many (member, after, until] spans as one table to join with, in a statement whose text is the same for any number.

A VALUES list would be compiled anew for every page of members, which costs more than running it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import orjson
from sqlalchemy import (
    BigInteger,
    ColumnClause,
    Connection,
    FromClause,
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


def spans_table(connection: Connection, spans: Sequence[MemberSpan]) -> FromClause:
    """A table with columns `member`, `after`, `until`."""
    return _from_json(spans) if connection.dialect.name == "sqlite" else _from_arrays(spans)


def next_after(connection: Connection, table: Table, positions: Mapping[str, Instant]) -> dict[str, Instant]:
    """The first row of each member in a table with `member` and `at` after his own instant, for those who have one."""
    found: dict[str, Instant] = {}
    for chunk in chunks((member, after, 0) for member, after in positions.items()):
        spans = spans_table(connection, chunk)
        mine = and_(table.c.member == spans.c.member, table.c.at > spans.c.after)
        first = select(spans.c.member, func.min(table.c.at)).select_from(spans.join(table, mine))
        found.update((member, at) for member, at in connection.execute(first.group_by(spans.c.member)))
    return found


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
