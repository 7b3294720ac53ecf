"""How texts are read in this deployment: its own words, and which readers there were."""

from __future__ import annotations

from sqlalchemy import UniqueConstraint

from storage.models.schema import Stored
from storage.types import counter, flag, ident, moment, prose, real, whole


class DictionaryRecord(Stored, table=True):
    """One word of the deployment's dictionary; `whole` False: a word that is split instead of kept in one piece."""

    __tablename__ = "dictionary"

    word: str = ident(key=True)
    whole: bool = flag()
    at: int = moment()
    actor: str = ident()


class ReadingRecord(Stored, table=True):
    """An engine with a dictionary that has read messages; events refer to it by `id`, a hash of both."""

    __tablename__ = "readings"
    __table_args__ = (UniqueConstraint("engine", "dictionary"),)

    id: str = ident(key=True)
    engine: str = prose()
    dictionary: str = prose()
    first_at: int = moment()


class SuggestionRecord(Stored, table=True):
    """A word that could become a tag, with what was found last; `adopted_at` once somebody took it up."""

    __tablename__ = "suggestions"

    number: int | None = counter()
    word: str = ident(unique=True)
    members: int = whole()
    messages: int = whole()
    score: float = real()
    found_at: int = moment()
    adopted_at: int | None = moment(nullable=True)
    actor: str | None = ident(nullable=True)
