"""The deployment's own words."""

from __future__ import annotations

from sqlalchemy import Connection, delete, inspect, select, update

from storage.models import DictionaryRecord
from storage.rows import WordRow
from storage.statements import BatchInsert, columns_of, replace_row
from storage.types import table_of

DICTIONARY = table_of(DictionaryRecord)
_ROW = columns_of(DICTIONARY, WordRow)
_PUT = BatchInsert(DICTIONARY, WordRow._fields, replace_row(WordRow, "word"))


class Dictionary:
    """Table dictionary."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def is_there(self) -> bool:
        """Whether the database, not brought up to date perhaps, has the table at all."""
        return inspect(self._connection).has_table(DICTIONARY.name)

    def all(self) -> list[WordRow]:
        """Every word, in code point order."""
        rows = self._connection.execute(select(*_ROW).order_by(DICTIONARY.c.word))
        return [WordRow._make(row) for row in rows]

    def get(self, word: str) -> WordRow | None:
        row = self._connection.execute(select(*_ROW).where(DICTIONARY.c.word == word)).first()
        return None if row is None else WordRow._make(row)

    def put(self, row: WordRow) -> None:
        _PUT.run(self._connection, [row])

    def drop(self, word: str) -> bool:
        """Whether it was there."""
        return self._connection.execute(delete(DICTIONARY).where(DICTIONARY.c.word == word)).rowcount == 1

    def rename_actor(self, actor: str, name: str) -> None:
        """Put another name in the place of who added or split words."""
        self._connection.execute(update(DICTIONARY).where(DICTIONARY.c.actor == actor).values(actor=name))
