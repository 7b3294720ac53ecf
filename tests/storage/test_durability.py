"""What was acknowledged is kept, and a database that cannot be written says so in one line."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.errors import Refused
from storage import engines
from storage.database import Database
from storage.refusals import DatabaseBusy, DatabaseUnusable
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork

ROOT = Path(__file__).parents[2]
NOBODY = 65534


def event(id_: str, text: str | None = None) -> EventRow:
    return EventRow(id_, "message", 1, "m", None, "{}", text)


def acknowledged_before_kill(url: str, count: int) -> set[str]:
    """Start a writing process, kill -9 it after `count` acknowledgements; all that it acknowledged."""
    command = [sys.executable, "-m", "tests.storage.writing_child", url]
    child = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    assert child.stdout is not None
    told = [child.stdout.readline() for _ in range(count)]
    child.kill()
    told += child.stdout.readlines()
    child.wait()
    # A last line without its end was cut off while it was written.
    return {f"e{line.strip()}" for line in told if line.endswith("\n")}


def test_killed_process_loses_nothing_it_acknowledged(database_url: str) -> None:
    acknowledged = acknowledged_before_kill(database_url, 1000)
    assert len(acknowledged) >= 1000

    database = Database(database_url)
    database.migrate()
    kept = [row.id for row in database.read(lambda uow: list(uow.events.of_members(None, None, 10**9)))]
    assert acknowledged <= set(kept)
    assert len(kept) == len(set(kept))
    database.write_sync(lambda uow: uow.events.add([event("after")]))
    database.close()


async def test_full_disk_refuses_and_leaves_a_sound_database(sqlite_database: Database) -> None:
    def shrink(uow: UnitOfWork) -> None:
        pages = uow.connection.exec_driver_sql("PRAGMA page_count").scalar()
        uow.connection.exec_driver_sql(f"PRAGMA max_page_count={pages + 8}")

    await sqlite_database.write(shrink)
    with pytest.raises(DatabaseUnusable, match="磁盘已满") as refused:
        await sqlite_database.write(lambda uow: uow.events.add([event("big", "长" * 200_000)]))
    assert "\n" not in str(refused.value)
    await sqlite_database.write(lambda uow: uow.events.add([event("small")]))
    assert sqlite_database.read(lambda uow: uow.events.known(["big", "small"])) == {"small"}


def test_read_only_opening_reads_and_refuses_to_write(sqlite_url: str) -> None:
    writing = Database(sqlite_url)
    writing.write_sync(lambda uow: uow.events.add([event("e1")]))
    reading = Database(sqlite_url, read_only=True)
    assert reading.read(lambda uow: uow.events.count()) == 1
    with pytest.raises(DatabaseUnusable, match="只读"):
        reading.write_sync(lambda uow: uow.events.add([event("e2")]))
    reading.close()
    writing.close()


@contextmanager
def without_rights() -> Iterator[None]:
    """As somebody whom file permissions bind: root is not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(0)


def test_file_without_write_permission_is_refused(migrated_file: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "bot.db").write_bytes(migrated_file.read_bytes())
        (folder / "bot.db").chmod(0o444)
        folder.chmod(0o555)
        with without_rights():
            database = Database(f"sqlite:///{folder / 'bot.db'}")
            with pytest.raises(DatabaseUnusable) as refused:
                database.write_sync(lambda uow: uow.events.add([event("e1")]))
            with pytest.raises(DatabaseUnusable, match="建不了数据库目录"):
                Database(f"sqlite:///{folder / 'sub' / 'bot.db'}")
        assert "\n" not in str(refused.value)
        database.close()
        folder.chmod(0o755)


def test_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    (tmp_path / "bot.db").write_text("这不是数据库" * 100)
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    with pytest.raises(DatabaseUnusable, match="不是数据库"):
        database.migrate()
    database.close()


def test_folder_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    database = Database(f"sqlite:///{tmp_path}")
    with pytest.raises(DatabaseUnusable, match="打不开"):
        database.migrate()
    database.close()


def test_another_program_holding_the_database_is_waited_for_and_then_refused(
    sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert engines.BUSY_SECONDS >= 5
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.2)
    database = Database(sqlite_url)
    other = sqlite3.connect(tmp_path / "bot.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(DatabaseBusy) as refused:
        database.write_sync(lambda uow: uow.events.add([event("e1")]))
    assert "\n" not in str(refused.value)
    assert database.read(lambda uow: uow.events.count()) == 0  # readers are never held up
    other.execute("COMMIT")
    database.write_sync(lambda uow: uow.events.add([event("e1")]))
    other.close()
    database.close()


def test_lost_connection_is_refused_and_the_next_one_made(postgres_url: str) -> None:
    database = Database(postgres_url)

    def cut(uow: UnitOfWork) -> None:
        uow.connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")

    with pytest.raises(Refused):
        database.write_sync(cut)
    database.write_sync(lambda uow: uow.events.add([event("e1")]))
    database.close()
