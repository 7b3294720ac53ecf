"""Former contact ids: whose each was, as the merges and splits in the log say."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, exists, select

from storage.link_rows import LinkRow
from storage.memory import recall
from storage.models import LinkRecord
from storage.statements import BatchInsert, chunks, columns_of, replace_row
from storage.types import table_of

LINKS = table_of(LinkRecord)
_ROW = columns_of(LINKS, LinkRow)
_ANY = select(exists().select_from(LINKS))
_SAVE = BatchInsert(LINKS, LinkRow._fields, replace_row(LinkRow, "old"))


class Links:
    """Table links."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    @property
    def any(self) -> bool:
        """Whether any id ever changed: nearly all that is asked here is answered by that."""
        return recall(self._connection, LINKS, "any", lambda: bool(self._connection.scalar(_ANY)))

    def mains(self, ids: Iterable[str]) -> dict[str, str]:
        """The present id of those that are former ones."""
        if not self.any:
            return {}
        found: dict[str, str] = {}
        for chunk in chunks(sorted(set(ids))):
            rows = self._connection.execute(select(LINKS.c.old, LINKS.c.member).where(LINKS.c.old.in_(chunk)))
            found.update((old, member) for old, member in rows)
        return found

    def main(self, id_: str) -> str:
        """The present id; the id itself when it never changed."""
        return self.mains([id_]).get(id_, id_)

    def formers(self, members: Iterable[str]) -> list[LinkRow]:
        """The former ids of these members, by member and id."""
        if not self.any:
            return []
        found: list[LinkRow] = []
        for chunk in chunks(sorted(set(members))):
            wanted = select(*_ROW).where(LINKS.c.member.in_(chunk)).order_by(LINKS.c.member, LINKS.c.old)
            found += [LinkRow._make(row) for row in self._connection.execute(wanted)]
        return found

    def get(self, old: str) -> LinkRow | None:
        row = self._connection.execute(select(*_ROW).where(LINKS.c.old == old)).first()
        return None if row is None else LinkRow._make(row)

    def all(self) -> dict[str, LinkRow]:
        """Every link, by former id."""
        return {row.old: LinkRow._make(row) for row in self._connection.execute(select(*_ROW))} if self.any else {}

    def save(self, rows: Iterable[LinkRow]) -> None:
        """Write whole rows, new or known."""
        _SAVE.run(self._connection, rows)

    def delete(self, olds: Iterable[str]) -> None:
        for chunk in chunks(olds):
            self._connection.execute(delete(LINKS).where(LINKS.c.old.in_(chunk)))
