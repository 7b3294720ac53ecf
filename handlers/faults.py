"""Named places where the process may end, for the crash harness; in production nothing happens at any of them.

A place called `…_kept` lies right after a commit, one called `…_unkept` inside the transaction, right before it.
"""

from __future__ import annotations

from typing import Protocol

INGEST = ("ingest.taken", "ingest.recorded", "ingest.unkept", "ingest.kept")
JOB = ("job.due", "job.started_kept", "job.run", "job.finished_kept")
SWEEP = ("sweep.begun_kept", "sweep.page_unkept", "sweep.page_kept", "sweep.compared", "sweep.finished_kept")
CLAIM = ("claim.due", "claim.unkept", "claim.kept")
SEND = ("send.before", "send.after")
SETTLE = ("settle.unkept", "settle.kept")
POINTS = (*INGEST, *JOB, *SWEEP, *CLAIM, *SEND, *SETTLE)


class Faults(Protocol):
    """Told of each point as it is passed."""

    def at(self, point: str) -> None: ...


class NoFaults:
    """What runs in production."""

    def at(self, point: str) -> None:
        pass
