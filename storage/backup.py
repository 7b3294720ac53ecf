"""Backups: SQLite as one SQLite file, PostgreSQL as a dump of lines (storage.dump); both are verified."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine

from bot.errors import why
from storage import dump, schema
from storage.models import METADATA
from storage.refusals import DatabaseUnusable

_SQLITE_MAGIC = b"SQLite format 3\x00"


def save(connection: Connection, path: Path) -> None:
    """Write a copy beside `path`, verify it, then put it in place. Nothing that is there is written over: it may be
    the only good backup, or the database itself. Raises DatabaseUnusable."""
    if path.exists():
        raise DatabaseUnusable(f"{path} 已经存在，备份不覆盖，请换一个文件名")
    part = path.with_name(path.name + ".part")
    try:
        part.unlink(missing_ok=True)
        part.touch(
            mode=0o600
        )  # for its owner alone; and it says what is wrong with the place better than a driver does
        if connection.dialect.name == "sqlite":
            _save_sqlite(_raw(connection), part)
        else:
            dump.write(connection, part)
            dump.verify(part)
        part.replace(path)
    except OSError as error:
        raise DatabaseUnusable(f"备份写不到 {path}（{why(error)}）") from error
    finally:
        part.unlink(missing_ok=True)


def load(engine: Engine, path: Path) -> None:
    """Put a backup in place of what the database holds. Raises DatabaseUnusable, DatabaseTooNew."""
    if _is_sqlite(path):
        _load_sqlite(engine, path)
    else:
        dump.verify(path)
        with engine.connect() as connection, connection.begin():
            schema.upgrade(connection)
            dump.read(connection, path)


def _is_sqlite(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(len(_SQLITE_MAGIC)) == _SQLITE_MAGIC
    except OSError as error:
        raise DatabaseUnusable(f"备份文件打不开：{path}（{why(error)}）") from error


def _raw(connection: Connection) -> sqlite3.Connection:
    raw: Any = connection.connection.driver_connection
    assert isinstance(raw, sqlite3.Connection)
    return raw


def _save_sqlite(source: sqlite3.Connection, path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        source.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")  # one file, nothing beside it
        _check_whole(copy)
        if _counts(copy) != _counts(source):
            raise DatabaseUnusable("备份与数据库不一致，请重试")


def _load_sqlite(engine: Engine, path: Path) -> None:
    if engine.dialect.name != "sqlite":
        raise DatabaseUnusable("这是 SQLite 的备份，不能恢复到 PostgreSQL")
    with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as copy:
        _check_whole(copy)
        _check_ours(copy)
        with engine.connect() as connection, _between_transactions(connection) as target:
            copy.backup(target)
            _check_whole(target)
            if _counts(copy) != _counts(target):
                raise DatabaseUnusable("恢复后的数据与备份不一致")


def scrub(connection: Connection, *, whole: bool) -> None:
    """Rewrite the file if asked, then bring the journal's pages home and cut it to nothing."""
    raw = _raw(connection)
    if whole:
        raw.execute("VACUUM")
    raw.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


@contextmanager
def _between_transactions(connection: Connection) -> Iterator[sqlite3.Connection]:
    raw = _raw(connection)
    yield raw
    raw.execute("PRAGMA journal_mode=WAL")  # the copied pages brought their own mode along


def _check_whole(connection: sqlite3.Connection) -> None:
    try:
        verdict = connection.execute("PRAGMA integrity_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        raise DatabaseUnusable("备份文件已损坏") from error
    if verdict != "ok":
        raise DatabaseUnusable("备份文件已损坏")


def _check_ours(connection: sqlite3.Connection) -> None:
    try:
        revision = connection.execute("SELECT version_num FROM alembic_version").fetchone()[0]
    except (sqlite3.DatabaseError, TypeError) as error:
        raise DatabaseUnusable("这个文件不是本程序的备份") from error
    schema.check_known(revision)


def _counts(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows per table of this program that is there (an older backup may lack some)."""
    there = {name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    names = sorted(there & set(METADATA.tables))
    return {name: connection.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0] for name in names}
