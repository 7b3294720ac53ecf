"""Scheduled jobs: one file each, joined here by name."""

from __future__ import annotations

from handlers.jobs import (
    checkin_summary,
    crm,
    daily_evaluation,
    late,
    relinked,
    relinking,
    reminders,
    removals,
    retention,
    rosters,
    ruling,
    suggestions,
)
from handlers.jobs.spec import Job, Schedule

__all__ = ["JOBS", "Job", "Schedule"]

JOBS: tuple[Job, ...] = (
    daily_evaluation.JOB,
    reminders.JOB,
    checkin_summary.JOB,
    retention.JOB,
    ruling.JOB,
    rosters.JOB,
    suggestions.JOB,
    removals.JOB,
    relinking.JOB,
    relinked.JOB,
    late.JOB,
    crm.JOB,
)
