"""The ledger of scheduled runs: each (name, due time) happens once among all processes."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import Connection, and_, delete, func, select, update

from bot.core.instants import Instant
from storage.models import JobRunRecord
from storage.page_rows import JobRunRow
from storage.statements import BatchInsert, columns_of, keep_first
from storage.types import table_of

JOBS = table_of(JobRunRecord)
_START = BatchInsert(JOBS, ("name", "due_at", "started_at", "outcome", "owner"), keep_first("name", "due_at"))


class Jobs:
    """Table job_runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def start(self, name: str, due_at: Instant, now: Instant, owner: str) -> bool:
        """True for the one who may run it."""
        return _START.run(self._connection, [(name, due_at, now, "", owner)]) == 1

    def finish(self, name: str, due_at: Instant, now: Instant, outcome: str) -> None:
        """Write down how it ended."""
        run = update(JOBS).where(JOBS.c.name == name, JOBS.c.due_at == due_at)
        self._connection.execute(run.values(finished_at=now, outcome=outcome))

    def last_due(self, name: str) -> Instant | None:
        """The latest due time that was started."""
        last: Instant | None = self._connection.scalar(select(func.max(JOBS.c.due_at)).where(JOBS.c.name == name))
        return last

    def count_by_outcome(self) -> dict[tuple[str, str], int]:
        """How many runs of each job ended how; an unfinished one has no outcome."""
        wanted = select(JOBS.c.name, JOBS.c.outcome, func.count()).group_by(JOBS.c.name, JOBS.c.outcome)
        rows = self._connection.execute(wanted.order_by(JOBS.c.name, JOBS.c.outcome))
        return {(name, outcome): count for name, outcome, count in rows}

    def latest(self) -> list[JobRunRow]:
        """The last run of each job, by name."""
        last = select(JOBS.c.name, func.max(JOBS.c.due_at).label("due_at")).group_by(JOBS.c.name).subquery()
        same = and_(JOBS.c.name == last.c.name, JOBS.c.due_at == last.c.due_at)
        wanted = select(*columns_of(JOBS, JobRunRow)).join(last, same).order_by(JOBS.c.name)
        return [JobRunRow._make(row) for row in self._connection.execute(wanted)]

    def take_over(
        self, names: Collection[str], running: Collection[str], owner: str, now: Instant
    ) -> dict[str, Instant]:
        """Runs of these jobs whose owner is none of the `running` become `owner`'s; their due times by name."""
        left = (JOBS.c.name.in_(sorted(names)), JOBS.c.finished_at.is_(None), JOBS.c.owner.not_in(sorted(running)))
        taken = update(JOBS).where(*left).values(owner=owner, started_at=now).returning(JOBS.c.name, JOBS.c.due_at)
        return {row.name: row.due_at for row in self._connection.execute(taken)}

    def forget_unfinished(self, owner: str) -> int:
        """At start-up: runs that this owner began and a crash cut off may be started again."""
        unfinished = delete(JOBS).where(JOBS.c.owner == owner, JOBS.c.finished_at.is_(None))
        return self._connection.execute(unfinished).rowcount
