"""One `run` per SQLite file, until its process is gone."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storage.database import Database
from storage.run_lock import AlreadyRunning, RunLock

ROOT = Path(__file__).parents[2]
HOLD = """
import sys
from storage.database import Database
from storage.run_lock import RunLock
lock = RunLock(Database(sys.argv[1]))
lock.acquire()
print("held", flush=True)
sys.stdin.read()
"""


def test_second_run_is_refused_and_writes_go_on(sqlite_database: Database) -> None:
    with RunLock(sqlite_database):
        with pytest.raises(AlreadyRunning, match="另一个 run 正在使用这个数据库"):
            RunLock(sqlite_database).acquire()
        sqlite_database.write_sync(lambda uow: uow.deployment.put("mode", "auto"))
    with RunLock(sqlite_database):
        pass


def test_killed_run_leaves_no_lock(sqlite_url: str) -> None:
    command = [sys.executable, "-c", HOLD, sqlite_url]
    other = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None
    assert other.stdout.readline() == "held\n"
    database = Database(sqlite_url)
    with pytest.raises(AlreadyRunning):
        RunLock(database).acquire()
    other.kill()
    other.communicate()
    RunLock(database).acquire()
    database.close()


def test_postgresql_takes_several(postgres_url: str) -> None:
    database = Database(postgres_url)
    with RunLock(database), RunLock(database):
        pass
    database.close()
