"""The façade: open a database by URL, write units through the one writer, read snapshots, back up, close."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection

from bot.errors import Refused
from storage import backup, schema
from storage.engines import parse_url, reader_engine, sqlite_file, writer_engine
from storage.refusals import DatabaseUnusable, refusal_of
from storage.unit_of_work import UnitOfWork
from storage.writer import Writer

T = TypeVar("T")


class Database:
    """One database of this program. Every method may be called from any thread."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        """Open (lazily) `sqlite:///path` or `postgresql://…`; makes the folder of a SQLite file.

        Raises BadInput for an address it cannot read, DatabaseUnusable for a folder it cannot make.
        """
        self.url = parse_url(url)
        self.file = sqlite_file(self.url)
        if self.file is not None and not read_only:
            _make_folder(self.file.parent)
        self._writing = writer_engine(self.url, read_only=read_only)
        self._reading = reader_engine(self.url, read_only=read_only)
        self._writer = Writer(self._writing)

    def migrate(self) -> None:
        """Bring the schema up to date. Raises DatabaseTooNew, DatabaseUnusable, DatabaseBusy."""
        with self._exclusive() as connection:
            schema.upgrade(connection)

    async def write(self, unit: Callable[[UnitOfWork], T]) -> T:
        """Run a unit in the writer; returns once it is on disk. Cancelling the wait does not cancel the unit."""
        result: T = await asyncio.wrap_future(self._writer.submit(unit))
        return result

    def write_sync(self, unit: Callable[[UnitOfWork], T]) -> T:
        """The same queue, for callers without an event loop."""
        result: T = self._writer.submit(unit).result()
        return result

    def read(self, query: Callable[[UnitOfWork], T]) -> T:
        """Run a query on one consistent snapshot; it must not return an iterator that still reads."""
        with _refusals(), self._reading.connect() as connection, connection.begin():
            return query(UnitOfWork(connection))

    async def aread(self, query: Callable[[UnitOfWork], T]) -> T:
        """`read` in a thread."""
        return await asyncio.to_thread(self.read, query)

    def size(self) -> int:
        """Bytes on disk."""
        if self.file is not None:
            return sum(size for size, _ in map(_measured, _parts(self.file)))
        return self.read(lambda uow: _postgres_size(uow.connection))

    def stamp(self) -> tuple[object, ...] | None:
        """Stays equal as long as nobody writes; None where it cannot be seen whether another process does."""
        if self.file is None:
            return None
        return (self._writer.commits, *map(_measured, _parts(self.file)))

    def queue_depth(self) -> int:
        """Units that wait for the writer."""
        return self._writer.depth()

    def backup(self, path: Path) -> None:
        """Write a verified copy to `path` while others go on writing. Raises DatabaseUnusable."""
        with _refusals(), self._reading.connect() as connection, connection.begin():
            backup.save(connection, path)

    def restore(self, path: Path) -> None:
        """Put a backup in place of everything in this database. Raises DatabaseUnusable, DatabaseTooNew."""
        with _refusals():
            backup.load(self._writing, path)
        self._writing.dispose()  # a new connection remembers nothing
        self.migrate()

    def scrub(self, *, whole: bool = False) -> None:
        """Leave no trace of what was deleted in SQLite's files; `whole` rewrites the file itself.

        Where another program is reading, the journal is emptied later. PostgreSQL does it by itself.
        """
        if self.file is not None:
            with _refusals(), self._writing.connect() as connection:
                backup.scrub(connection, whole=whole)

    def close(self) -> None:
        """Complete what waits, then let go of the database."""
        self._writer.close()
        self._reading.dispose()
        self._writing.dispose()

    @contextmanager
    def _exclusive(self) -> Iterator[Connection]:
        with _refusals(), self._writing.connect() as connection, connection.begin():
            yield connection


def _postgres_size(connection: Connection) -> int:
    size: int = connection.exec_driver_sql("SELECT pg_database_size(current_database())").scalar_one()
    return size


def _parts(file: Path) -> tuple[Path, Path]:
    """A SQLite file and its journal."""
    return file, file.with_name(file.name + "-wal")


def _measured(part: Path) -> tuple[int, int]:
    """Size and time of the last change; zeros where it is not there."""
    try:
        found = part.stat()
    except FileNotFoundError:
        return 0, 0
    return found.st_size, found.st_mtime_ns


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError:
        raise DatabaseUnusable(f"建不了数据库目录 {folder}") from None


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the driver says into one line for a person."""
    try:
        yield
    except Refused:
        raise
    except Exception as error:
        refusal = refusal_of(error)
        if refusal is None:
            raise
        raise refusal from error
