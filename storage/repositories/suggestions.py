"""Words that could become tags, and those that have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from bot.core.instants import Instant
from storage.memory import recall
from storage.models import SuggestionRecord
from storage.statements import columns_of
from storage.types import table_of


class SuggestionRow(NamedTuple):
    """A word that could become a tag (see storage.models.language)."""

    word: str
    members: int
    messages: int
    score: float
    found_at: Instant
    adopted_at: Instant | None = None
    actor: str | None = None
    number: int = 0


SUGGESTIONS = table_of(SuggestionRecord)
_ROW = columns_of(SUGGESTIONS, SuggestionRow)


class Suggestions:
    """Table suggestions."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def open(self) -> list[SuggestionRow]:
        """What nobody has taken up yet, the highest score first."""
        waiting = select(*_ROW).where(SUGGESTIONS.c.adopted_at.is_(None))
        rows = self._connection.execute(waiting.order_by(SUGGESTIONS.c.score.desc(), SUGGESTIONS.c.word))
        return [SuggestionRow._make(row) for row in rows]

    def adopted(self) -> Sequence[str]:
        """The words that were taken up, in code point order."""
        return recall(self._connection, SUGGESTIONS, "adopted", self._adopted)

    def _adopted(self) -> Sequence[str]:
        taken = select(SUGGESTIONS.c.word).where(SUGGESTIONS.c.adopted_at.is_not(None))
        return list(self._connection.scalars(taken.order_by(SUGGESTIONS.c.word)))

    def get(self, number: int) -> SuggestionRow | None:
        row = self._connection.execute(select(*_ROW).where(SUGGESTIONS.c.number == number)).first()
        return None if row is None else SuggestionRow._make(row)

    def replace_open(self, rows: Iterable[SuggestionRow]) -> None:
        """Put what was found in the place of what is open; a word that is found again keeps its number."""
        wanted = {row.word: row for row in rows}
        known = {row.word: row.number for row in self.open()}
        for word in known.keys() - wanted.keys():
            self._connection.execute(delete(SUGGESTIONS).where(SUGGESTIONS.c.word == word))
        for word, row in wanted.items():
            values = row._asdict()
            del values["number"]
            if word in known:
                self._connection.execute(update(SUGGESTIONS).where(SUGGESTIONS.c.word == word).values(values))
            else:
                self._connection.execute(insert(SUGGESTIONS).values(values))

    def adopt(self, number: int, at: Instant, actor: str) -> bool:
        """Whether it was open."""
        waiting = update(SUGGESTIONS).where(SUGGESTIONS.c.number == number, SUGGESTIONS.c.adopted_at.is_(None))
        return self._connection.execute(waiting.values(adopted_at=at, actor=actor)).rowcount == 1

    def rename_actor(self, actor: str, name: str) -> None:
        """Put another name in the place of who took words up."""
        self._connection.execute(update(SUGGESTIONS).where(SUGGESTIONS.c.actor == actor).values(actor=name))
