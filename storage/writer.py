"""The one writer: a thread that runs units of work in shared transactions (group commit).

It takes everything that is waiting, runs each unit in a savepoint of one transaction, commits once, and only then
answers. A unit that fails undoes itself alone; a commit that fails fails all its units. So an answer means: on disk.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, event

from bot.errors import Refused
from storage.memory import Memory
from storage.refusals import refusal_of
from storage.unit_of_work import UnitOfWork

MOST_PER_COMMIT = 1000

Unit = Callable[[UnitOfWork], Any]


@dataclass(slots=True)
class _Waiting:
    unit: Unit
    future: Future[Any] = field(default_factory=Future)
    result: Any = None
    error: BaseException | None = None

    def answer(self) -> None:
        if self.error is None:
            self.future.set_result(self.result)
        else:
            self.future.set_exception(self.error)

    def fail(self, error: BaseException) -> None:
        self.future.set_exception(self.error or error)


class Writer:
    """Owns the writing connection; `submit` from any thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._memory = Memory()
        event.listen(engine, "before_cursor_execute", self._memory.notice)
        self._queue: queue.SimpleQueue[_Waiting | None] = queue.SimpleQueue()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._closed = False
        self.commits = 0
        """How many transactions have been kept."""

    def submit(self, unit: Unit) -> Future[Any]:
        """Queue a unit. The future cannot be cancelled: a unit whose caller has gone still completes."""
        if threading.current_thread() is self._thread:
            raise RuntimeError("a unit of work may not wait for another one")
        waiting = _Waiting(unit)
        waiting.future.set_running_or_notify_cancel()
        with self._lock:
            if self._closed:
                raise Refused("数据库已经关闭")
            self._start()
            self._queue.put(waiting)
        return waiting.future

    def depth(self) -> int:
        """Units that wait for their turn."""
        return self._queue.qsize()

    def close(self) -> None:
        """Complete everything that waits, then stop."""
        with self._lock:
            if not self._closed:
                self._closed = True
                self._queue.put(None)
        if self._thread is not None:
            self._thread.join()

    def _start(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._run, name="storage-writer", daemon=True)
            self._thread.start()

    def _run(self) -> None:
        last = False
        while not last:
            group, last = self._take()
            if group:
                self._commit(group)

    def _take(self) -> tuple[list[_Waiting], bool]:
        """Everything that waits (at least one), and whether the end was met."""
        group: list[_Waiting] = []
        waiting = self._queue.get()
        while waiting is not None:
            group.append(waiting)
            if len(group) == MOST_PER_COMMIT:
                return group, False
            try:
                waiting = self._queue.get_nowait()
            except queue.Empty:
                return group, False
        return group, True

    def _commit(self, group: list[_Waiting]) -> None:
        try:
            with self._engine.connect() as connection, connection.begin():
                self._memory.go_on(connection)
                _perform(group, UnitOfWork(connection, self._memory))
        except BaseException as error:  # noqa: BLE001 - the writer outlives any unit; the error goes to who asked
            self._memory.forget()
            for waiting in group:
                waiting.fail(_told(error))
        else:
            self.commits += 1
            for waiting in group:
                waiting.answer()


def _perform(group: list[_Waiting], uow: UnitOfWork) -> None:
    if len(group) == 1:
        group[0].result = group[0].unit(uow)
        return
    for waiting in group:
        _perform_in_savepoint(waiting, uow)


def _perform_in_savepoint(waiting: _Waiting, uow: UnitOfWork) -> None:
    # Plain statements: the library's savepoint objects cost more than a small unit does.
    uow.connection.exec_driver_sql("SAVEPOINT unit")
    try:
        waiting.result = waiting.unit(uow)
    except BaseException as error:  # noqa: BLE001 - belongs to this unit alone
        waiting.error = _told(error)
        # Fails when the database gave up the whole transaction (disk full); then every unit of it fails.
        uow.connection.exec_driver_sql("ROLLBACK TO SAVEPOINT unit")
    uow.connection.exec_driver_sql("RELEASE SAVEPOINT unit")


def _told(error: BaseException) -> BaseException:
    refusal = refusal_of(error)
    if refusal is None:
        return error
    refusal.__cause__ = error
    return refusal
