"""One `run` per SQLite file. PostgreSQL has none of this: several processes may serve one database there."""

from __future__ import annotations

import sqlite3
from types import TracebackType
from typing import Self

from bot.errors import Refused
from storage.database import Database


class AlreadyRunning(Refused):
    """Another `run` serves this database file."""


class RunLock:
    """Held from `acquire` to `release`, or to the end of the process however it ends.

    It is SQLite's own file lock on an empty file beside the database: the same on every system, gone with its process.
    """

    def __init__(self, database: Database) -> None:
        file = database.file
        self._path = None if file is None else file.with_name(file.name + ".run")
        self._held: sqlite3.Connection | None = None

    def acquire(self) -> None:
        """Raises AlreadyRunning."""
        if self._path is None or self._held is not None:
            return
        connection = sqlite3.connect(self._path, timeout=0, isolation_level=None, check_same_thread=False)
        try:
            connection.execute("BEGIN EXCLUSIVE")
        except sqlite3.OperationalError:
            connection.close()
            raise AlreadyRunning("另一个 run 正在使用这个数据库") from None
        self._held = connection

    def release(self) -> None:
        if self._held is not None:
            self._held.close()
            self._held = None

    def __enter__(self) -> Self:
        self.acquire()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.release()
