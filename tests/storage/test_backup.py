"""Backups come back equal; a damaged one is refused before anything is touched."""

from __future__ import annotations

import gzip
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import Table, select

from storage import schema
from storage.database import Database
from storage.models import METADATA
from storage.refusals import DatabaseTooNew, DatabaseUnusable
from storage.rows import AuditRow, EventRow, MemberRow, OutboxRow, RollupRow, TagRow
from storage.unit_of_work import UnitOfWork


def fill(uow: UnitOfWork) -> None:
    uow.events.add(
        EventRow(f"e{n}", "message", n, "m", "群", "{}", "大家好\n" * 3, 1.5, sketch=b"\0\xff") for n in range(700)
    )
    uow.rollups.save([RollupRow("m", 1, None, b"\x00facts", 2)])
    uow.members.save([MemberRow("m", "小王", score=0.1 + 0.2, exempt=True)])
    uow.tags.apply([TagRow("m", "行为/签到", "签到达人", 1.0, "rule", 1, None, {"次数": 6}, "checkins", 1)], ())
    uow.outbox.add([OutboxRow("k", "welcome", "group", "g", "欢迎", 1, 1, mentions=["m"])])
    uow.audit.add(AuditRow(1, "boss", "#成员"))


def everything(database: Database) -> dict[str, list[tuple[object, ...]]]:
    def rows(uow: UnitOfWork, table: Table) -> list[tuple[object, ...]]:
        return [tuple(row) for row in uow.connection.execute(select(table).order_by(*table.primary_key))]

    return database.read(lambda uow: {table.name: rows(uow, table) for table in METADATA.sorted_tables})


def test_backup_and_restore_bring_back_everything(database: Database, tmp_path: Path) -> None:
    database.write_sync(fill)
    before = everything(database)
    database.backup(tmp_path / "saved")
    [saved] = [path for path in tmp_path.iterdir() if path.name.startswith("saved")]
    assert (saved.name, saved.stat().st_mode & 0o077) == ("saved", 0), "one file, and nobody else reads it"

    def change(uow: UnitOfWork) -> None:
        uow.events.erase_member("m")
        uow.members.save([MemberRow("n")])

    database.write_sync(change)
    assert everything(database) != before
    database.restore(tmp_path / "saved")
    assert everything(database) == before

    # Numbers go on where they were.
    added = database.write_sync(lambda uow: uow.outbox.add([OutboxRow("k2", "welcome", "group", "g", "欢迎", 1, 1)]))
    assert added["k2"] > before["outbox"][0][0]


def test_dump_moves_from_postgresql_to_sqlite(postgres_url: str, sqlite_database: Database, tmp_path: Path) -> None:
    source = Database(postgres_url)
    source.write_sync(fill)
    source.backup(tmp_path / "saved")
    sqlite_database.restore(tmp_path / "saved")
    assert everything(sqlite_database) == everything(source)
    source.close()


def test_backup_is_one_snapshot_while_others_write(sqlite_database: Database, tmp_path: Path) -> None:
    sqlite_database.write_sync(fill)
    sqlite_database.backup(tmp_path / "saved")
    sqlite_database.write_sync(lambda uow: uow.members.save([MemberRow("later")]))
    copy = Database(f"sqlite:///{tmp_path / 'saved'}", read_only=True)
    assert copy.read(lambda uow: (uow.events.count(), uow.members.count())) == (700, 1)
    copy.close()


@pytest.mark.parametrize("damage", ["cut", "flipped", "empty", "foreign", "missing"])
def test_damaged_backup_is_refused_and_nothing_touched(database: Database, tmp_path: Path, damage: str) -> None:
    database.write_sync(fill)
    saved = tmp_path / "saved"
    database.backup(saved)
    whole = saved.read_bytes()
    middle = len(whole) // 2
    page = min(4096, middle)  # where something stands: what was deleted is nothing but zeros
    if damage == "missing":
        saved.unlink()
    else:
        saved.write_bytes(
            {
                "cut": whole[:middle],
                "flipped": whole[:page] + b"\xff" * 64 + whole[page + 64 :],
                "empty": b"",
                "foreign": gzip.compress(b'{"hello": 1}\n'),
            }[damage]
        )
    before = everything(database)
    with pytest.raises(DatabaseUnusable) as refused:
        database.restore(saved)
    assert "\n" not in str(refused.value)
    assert everything(database) == before


def test_backup_of_a_newer_program_is_refused(database: Database, tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    database.write_sync(fill)
    database.backup(saved)
    if database.file is not None:
        with sqlite3.connect(saved) as copy:
            copy.execute("UPDATE alembic_version SET version_num = '9999'")
        copy.close()
    else:  # a dump says its revision in the first line
        head, rest = gzip.decompress(saved.read_bytes()).split(b"\n", 1)
        saved.write_bytes(gzip.compress(head.replace(schema.HEAD.encode(), b"9999") + b"\n" + rest))
    before = everything(database)
    with pytest.raises(DatabaseTooNew):
        database.restore(saved)
    assert everything(database) == before


def test_backup_that_cannot_be_written_is_refused(database: Database, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnusable, match="没有这个文件或目录"):
        database.backup(tmp_path / "no such folder" / "saved")
    saved = tmp_path / "saved"
    database.backup(saved)
    whole = saved.read_bytes()
    for taken in (saved, tmp_path, *(() if database.file is None else (database.file,))):
        with pytest.raises(DatabaseUnusable, match="已经存在"):
            database.backup(taken)
    assert saved.read_bytes() == whole
