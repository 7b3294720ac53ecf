"""What a database can refuse, each as one Chinese line for the person who asked."""

from __future__ import annotations

import sqlite3

from bot.errors import Refused


class DatabaseTooNew(Refused):
    """The database was written by a newer version of the program."""


class DatabaseUnusable(Refused):
    """Disk full, read-only, not a database, not reachable."""


class DatabaseBusy(Refused):
    """Another program held the database for longer than we wait."""


BUSY = "数据库正被另一个程序写入，请稍后再试"

_SQLITE: dict[int, Refused] = {
    sqlite3.SQLITE_FULL: DatabaseUnusable("磁盘已满，数据库无法写入"),
    sqlite3.SQLITE_READONLY: DatabaseUnusable("数据库是只读的，无法写入"),
    sqlite3.SQLITE_CANTOPEN: DatabaseUnusable("数据库文件打不开，请检查路径与权限"),
    sqlite3.SQLITE_PERM: DatabaseUnusable("没有权限访问数据库文件"),
    sqlite3.SQLITE_NOTADB: DatabaseUnusable("这个文件不是数据库"),
    sqlite3.SQLITE_CORRUPT: DatabaseUnusable("数据库文件已损坏，请从备份恢复"),
    sqlite3.SQLITE_IOERR: DatabaseUnusable("读写数据库文件时磁盘出错"),
    sqlite3.SQLITE_BUSY: DatabaseBusy(BUSY),
    sqlite3.SQLITE_LOCKED: DatabaseBusy(BUSY),
}

# Classes and codes of the SQL standard as PostgreSQL uses them.
_POSTGRES: dict[str, Refused] = {
    "53100": DatabaseUnusable("磁盘已满，数据库无法写入"),
    "53300": DatabaseUnusable("PostgreSQL 的连接数已用完"),
    "25006": DatabaseUnusable("数据库是只读的，无法写入"),
    "28000": DatabaseUnusable("PostgreSQL 拒绝了用户名或密码"),
    "28P01": DatabaseUnusable("PostgreSQL 拒绝了用户名或密码"),
    "3D000": DatabaseUnusable("PostgreSQL 上没有这个数据库"),
    "42501": DatabaseUnusable("没有权限访问数据库"),
    "55P03": DatabaseBusy(BUSY),
    "57P01": DatabaseUnusable("PostgreSQL 断开了连接"),
    "57P02": DatabaseUnusable("PostgreSQL 断开了连接"),
    "57P03": DatabaseUnusable("PostgreSQL 正在启动或停止，请稍后再试"),
}


def refusal_of(error: BaseException) -> Refused | None:
    """The refusal behind a driver's error, or None when the error is a fault of the program."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, sqlite3.Error):
        # The low byte is the primary code; the rest tells variants apart that read the same to a person.
        return _fresh(_SQLITE.get((getattr(cause, "sqlite_errorcode", None) or 0) & 0xFF))
    if type(cause).__module__.startswith("psycopg"):
        return _fresh(_of_postgres(cause))
    return None


def _of_postgres(cause: BaseException) -> Refused | None:
    state = getattr(cause, "sqlstate", None)
    if state is not None:
        return _POSTGRES.get(state)
    # Without a state the server was never reached, or the connection broke.
    return DatabaseUnusable("连接不上 PostgreSQL") if type(cause).__name__ == "OperationalError" else None


def _fresh(known: Refused | None) -> Refused | None:
    """A new exception each time: a shared one would collect tracebacks."""
    return None if known is None else type(known)(str(known))
