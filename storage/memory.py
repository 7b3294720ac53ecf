"""What is known of small tables that are seldom written, so that not every message asks for it again.

The writer keeps its memory from one transaction to the next. It forgets a table with the first statement that writes
it, and everything as soon as a transaction or a savepoint is undone or somebody else has written to the database. Each
snapshot of a reader begins with an empty one.

Of a table that grows with every message nothing would last; what only some of its rows tell is kept as `lasting`, until
the repository that adds such a row says so (`forget`), or rows are changed or deleted.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, TypeVar

from sqlalchemy import Connection, Table

T = TypeVar("T")

_PLACE = "memory"
_WRITES = re.compile(r'(INSERT INTO|UPDATE|DELETE FROM) "?(\w+)')
_LASTING = " of old rows"
_CHANGE_NOTHING = ("SELECT", "WITH", "BEGIN", "SAVEPOINT", "RELEASE", "SET", "PRAGMA")


class Memory:
    """Answers by table and question; valid in one transaction after another of one connection."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Any]] = {}
        self._read_by: object = None
        self._stamp: int | None = None

    def serve(self, connection: Connection) -> None:
        """Answer on this connection from here on."""
        connection.info[_PLACE] = self

    def go_on(self, connection: Connection) -> None:
        """At the start of a transaction that holds the right to write: forget, if somebody else had it meanwhile."""
        driver, (expected, stamp) = connection.connection.driver_connection, _stamps(connection, self._stamp)
        if driver is not self._read_by or stamp != expected:
            self.forget()
        self._read_by, self._stamp = driver, stamp

    def forget(self) -> None:
        self._known.clear()

    def forget_table(self, table: str) -> None:
        self._known.pop(table, None)

    def recall(self, table: str, question: str, ask: Callable[[], T]) -> T:
        """The answer of before, else that of `ask`."""
        known = self._known.setdefault(table, {})
        if question not in known:
            known[question] = ask()
        answer: T = known[question]
        return answer

    def notice(self, *executed: Any) -> None:
        """Told of each statement by the engine (event before_cursor_execute), before it runs."""
        statement: str = executed[2]
        if statement.startswith(_CHANGE_NOTHING):
            return
        written = _WRITES.match(statement)
        if written is None:
            self.forget()
            return
        self.forget_table(written[2])
        if written[1] != "INSERT INTO":
            self.forget_table(written[2] + _LASTING)


def recall(connection: Connection, table: Table, question: str, ask: Callable[[], T], *, lasting: bool = False) -> T:
    """What the connection's memory knows, else what `ask` finds; the answer is shared and must not be changed."""
    memory: Memory = connection.info[_PLACE]
    return memory.recall(table.name + _LASTING if lasting else table.name, question, ask)


def forget(connection: Connection, table: Table) -> None:
    """A row is added that changes what is lasting."""
    memory: Memory = connection.info[_PLACE]
    memory.forget_table(table.name + _LASTING)


def _stamps(connection: Connection, last: int | None) -> tuple[int | None, int]:
    """The stamp to expect when nobody else has written since `last`, and the stamp there is.

    SQLite counts what other connections commit. PostgreSQL numbers the transactions that write; as the writers of all
    processes take turns, two numbers in a row are this one's own (its savepoints may take numbers too: then it forgets
    for nothing).
    """
    if connection.dialect.name == "sqlite":
        return last, connection.exec_driver_sql("PRAGMA data_version").scalar_one()
    return None if last is None else last + 1, connection.exec_driver_sql("SELECT txid_current()").scalar_one()
