"""Keeps a process's reader in step with what was learned from reviews, or rolled back, by whatever process."""

from __future__ import annotations

from bot.ports import Reader
from bot.services import learning
from storage.unit_of_work import UnitOfWork


class Lessons:
    """The learned change that one reader uses, by its stored number."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._used: str | None = None

    def follow(self, uow: UnitOfWork, stamp: str | None) -> bool:
        """Use what is in force now, when `stamp` is another than at the last look; whether it is."""
        if stamp == self._used:
            return False
        self._reader.use(learning.stored(uow))
        self._used = stamp
        return True
