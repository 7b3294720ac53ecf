"""Keeps a process's reader in step with the deployment's dictionary, whoever changes it."""

from __future__ import annotations

from bot.ports import Reader
from bot.services import dictionary
from storage.unit_of_work import UnitOfWork


class Dictionary:
    """The words that one reader has been taught, and the stored version they are."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._version: str | None = None
        self._taught: dict[str, bool] = {}

    def follow(self, uow: UnitOfWork, version: str | None) -> bool:
        """Teach the reader what has changed since the last look, when `version` is another; whether anything had."""
        if version == self._version:
            return False
        stored = dictionary.overrides(uow)
        changes: dict[str, bool | None] = dict.fromkeys(self._taught.keys() - stored.keys())
        changes |= {word: whole for word, whole in stored.items() if self._taught.get(word) is not whole}
        self._reader.teach(changes)
        self._version, self._taught = version, stored
        return bool(changes)
