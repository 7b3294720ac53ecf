"""What a scheduled job is, and the schedule that runs each due time once among all processes.

A job gets the instant it was due, not "now". What was missed while nobody ran is caught up once, for the latest time.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass

from bot.core.instants import Instant
from bot.log import get_logger
from bot.services import accounts
from handlers.house import House
from storage.unit_of_work import UnitOfWork

BEGUN = "jobs_begun"
"""Deployment key: when jobs were first looked at."""
_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Job:
    """A scheduled job.

    next_due: its first due time strictly after an instant at which there is something to do, None while there is none;
    as long as nothing is written it comes no earlier.
    own: where there are several accounts each runs it for itself, since it acts on the platform.
    """

    name: str
    next_due: Callable[[UnitOfWork, House, Instant], Instant | None]
    run: Callable[[House, Instant], Awaitable[None]]
    own: bool = False

    def entry(self, house: House) -> str:
        """The name of its runs in the ledger."""
        alone = not self.own or not house.siblings.several or house.status.account is None
        return self.name if alone else f"{self.name}:{house.status.account}"


class Schedule:
    """Runs `jobs` when they fall due; `run_due` may be called at any time and as often as one likes."""

    def __init__(self, house: House, jobs: Sequence[Job]) -> None:
        self._house = house
        self._jobs = jobs
        self._begin = house.now()
        self._owner = house.owner
        self._seen: dict[str, Instant] = {}

    async def recover(self) -> int:
        """At start-up: runs that a crash cut off may be started again. Returns how many.

        A job that never ran is caught up from the deployment's first start on, not from this one.
        """
        return await self._house.database.write(self._recover)

    def _recover(self, uow: UnitOfWork) -> int:
        begun = uow.deployment.get(BEGUN)
        if begun is None:
            uow.deployment.put(BEGUN, str(self._begin))
        else:
            self._begin = int(begun)
        return uow.jobs.forget_unfinished(self._owner)

    async def run_due(self, now: Instant) -> Instant | None:
        """Run, in the order of their due times, the latest missed run of each job. Returns when the next falls due."""
        if self._house.siblings.several:
            await self._finish_for_others(now)
        dues = self._house.database.read(lambda uow: [(job, *self._dues(uow, job, now)) for job in self._jobs])
        missed = [(at, job) for job, at, _ in dues if at is not None]
        for at, job in sorted(missed, key=lambda pair: (pair[0], pair[1].name)):
            await self._run(job, at)
        return self.next_due(now) if missed else _first(following for _, _, following in dues)

    def next_due(self, now: Instant) -> Instant | None:
        """When the next job falls due; not after `now` when one is due already."""
        house = self._house
        return house.database.read(
            lambda uow: _first(job.next_due(uow, house, self._since(uow, job)) for job in self._jobs)
        )

    def _since(self, uow: UnitOfWork, job: Job) -> Instant:
        """The due time up to which this job is done."""
        entry = job.entry(self._house)
        known = self._seen.get(entry)
        if known is None:
            done = uow.jobs.last_due(entry)
            known = self._seen[entry] = self._begin if done is None else done
        return known

    def _dues(self, uow: UnitOfWork, job: Job, now: Instant) -> tuple[Instant | None, Instant | None]:
        """The last due time that has passed and is not done, and the first that has not passed."""
        latest = None
        due = job.next_due(uow, self._house, self._since(uow, job))
        while due is not None and due <= now:
            latest, due = due, job.next_due(uow, self._house, due)
        return latest, due

    async def _finish_for_others(self, now: Instant) -> None:
        """Runs that a process has begun which runs no more are taken over, except what only its account can do."""
        jobs = {job.name: job for job in self._jobs if not job.own}

        def take(uow: UnitOfWork) -> dict[str, Instant]:
            alive = {*accounts.running(uow, now), self._owner}
            return uow.jobs.take_over(jobs, alive, self._owner, now)

        for name, due_at in (await self._house.database.write(take)).items():
            _log.warning("a job that another process left is run again", job=name, due_at=due_at)
            await self._carry_out(jobs[name], name, due_at)

    async def _run(self, job: Job, due_at: Instant) -> None:
        database, now, faults = self._house.database, self._house.now(), self._house.faults
        faults.at("job.due")
        entry = job.entry(self._house)
        mine = await database.write(lambda uow: uow.jobs.start(entry, due_at, now, self._owner))
        self._seen[entry] = due_at
        faults.at("job.started_kept")
        if mine:
            await self._carry_out(job, entry, due_at)

    async def _carry_out(self, job: Job, entry: str, due_at: Instant) -> None:
        database, faults = self._house.database, self._house.faults
        outcome = "完成"
        try:
            await job.run(self._house, due_at)
        except Exception as error:  # noqa: BLE001 - a failed job is written down; the others are due
            outcome = f"失败：{type(error).__name__}"
            _log.error("a job failed", job=job.name, due_at=due_at, error=type(error).__name__)
        faults.at("job.run")
        await database.write(lambda uow: uow.jobs.finish(entry, due_at, self._house.now(), outcome))
        faults.at("job.finished_kept")


def _first(instants: Iterable[Instant | None]) -> Instant | None:
    return min((at for at in instants if at is not None), default=None)
