"""Engines: one that writes with a single connection, one that reads consistent snapshots from a small pool."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError

from bot.errors import BadInput

BUSY_SECONDS = 10
"""How long a writer waits for another program that holds the database."""

READERS = 4

_WRITER_LOCK = 0x71756E62
"""Advisory lock that makes PostgreSQL writers of several processes take turns, as SQLite's BEGIN IMMEDIATE does."""


def parse_url(url: str) -> URL:
    """Read a database URL. Raises BadInput."""
    try:
        parsed = make_url(url)
    except ArgumentError:
        raise BadInput("数据库地址读不懂，应为 sqlite:///路径 或 postgresql://…") from None
    if parsed.drivername in ("postgresql", "postgres", "postgresql+psycopg"):
        return parsed.set(drivername="postgresql+psycopg")
    if parsed.drivername in ("sqlite", "sqlite+pysqlite"):
        if parsed.database in (None, "", ":memory:"):
            raise BadInput("SQLite 地址应写明文件：sqlite:///路径")
        return parsed.set(drivername="sqlite+pysqlite")
    raise BadInput(f"不支持的数据库：{parsed.drivername}（可用 sqlite、postgresql）")


def sqlite_file(url: URL) -> Path | None:
    """The file of a SQLite URL, None for PostgreSQL."""
    return Path(url.database or "") if url.get_backend_name() == "sqlite" else None


def writer_engine(url: URL, *, read_only: bool) -> Engine:
    """One connection, whose every transaction holds the right to write from its start."""
    if url.get_backend_name() == "sqlite":
        return _sqlite(url, "BEGIN IMMEDIATE", read_only=read_only, pool_size=1)
    engine = create_engine(url, pool_size=1, max_overflow=0, pool_pre_ping=True)
    event.listen(engine, "begin", _take_turn)
    return engine


def reader_engine(url: URL, *, read_only: bool) -> Engine:
    """Connections that cannot write; each transaction sees one snapshot."""
    if url.get_backend_name() == "sqlite":
        engine = _sqlite(url, "BEGIN", read_only=read_only, pool_size=READERS)
        event.listen(engine, "connect", _query_only)
        return engine
    engine = create_engine(url, pool_size=READERS, pool_pre_ping=True, isolation_level="REPEATABLE READ")
    return engine.execution_options(postgresql_readonly=True)


def _sqlite(url: URL, begin: str, *, read_only: bool, pool_size: int) -> Engine:
    path = Path(url.database or "").resolve()
    if read_only:
        url = url.set(database=f"file:{path}", query={"mode": "ro", "uri": "true"})
    engine = create_engine(url, pool_size=pool_size, connect_args={"timeout": BUSY_SECONDS})

    def on_connect(connection: Any, record: object) -> None:
        # The driver's own transaction control would begin too late and never IMMEDIATE.
        connection.isolation_level = None
        _set_pragmas(connection, read_only=read_only)

    def on_begin(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine, "connect", on_connect)
    event.listen(engine, "begin", on_begin)
    return engine


def _set_pragmas(connection: Any, *, read_only: bool) -> None:
    connection.execute("PRAGMA foreign_keys=ON")
    connection.execute("PRAGMA cache_size=-8000")  # KiB when negative
    if not read_only:
        connection.execute("PRAGMA journal_mode=WAL")
        # FULL survives a power cut; with group commit it costs no more than NORMAL (measured).
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA wal_autocheckpoint=4000")  # pages
        # What is deleted is overwritten, so that the file does not go on telling of who asked to be forgotten.
        connection.execute("PRAGMA secure_delete=ON")


def _query_only(connection: Any, record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _take_turn(connection: Connection) -> None:
    connection.exec_driver_sql(f"SET LOCAL lock_timeout = '{BUSY_SECONDS}s'")
    connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_WRITER_LOCK})")
