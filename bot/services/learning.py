"""Versions of what was learned from reviewed messages: learned anew at each decision, rolled back by one command.

A rolled-back version's own new samples are left out from then on, else the next decision would bring it back.
"""

from __future__ import annotations

from bot.core.instants import Instant
from bot.ports import Reader
from storage.review_rows import LessonRow
from storage.unit_of_work import UnitOfWork

IN_FORCE = "lesson"
"""Deployment key: the number of the version in force, "0" for the shipped models alone."""
MOST_SAMPLES = 500


def learn(uow: UnitOfWork, reader: Reader, now: Instant) -> bool:
    """Learn from all samples whose text is still there; whether a new version came into force."""
    every = uow.reviews.lessons()
    voided = [(row.since, row.at) for row in every if row.voided_at is not None]
    found = [(text, ad) for text, ad, at in uow.reviews.samples() if not any(a < at <= b for a, b in voided)]
    lesson = reader.learn(found[-MOST_SAMPLES:])
    if lesson is None:
        return False
    since = every[-1].at if every else 0
    uow.reviews.keep(LessonRow(since, now, len(found), lesson.weights, lesson.f1, lesson.false_alarms))
    _note(uow)
    return True


def roll_back(uow: UnitOfWork, now: Instant) -> int | None:
    """Take the version in force back; its number, None when there is none."""
    newest = in_force(uow)
    if newest is None:
        return None
    uow.reviews.void(newest.number, now)
    _note(uow)
    return newest.number


def in_force(uow: UnitOfWork) -> LessonRow | None:
    """The newest version that was not rolled back."""
    return next((row for row in reversed(uow.reviews.lessons()) if row.voided_at is None), None)


def stored(uow: UnitOfWork) -> bytes | None:
    """The learned change in force; None also in a database older than this, or empty."""
    if not uow.reviews.is_there():
        return None
    newest = in_force(uow)
    return None if newest is None else newest.weights


def _note(uow: UnitOfWork) -> None:
    newest = in_force(uow)
    uow.deployment.put(IN_FORCE, str(0 if newest is None else newest.number))
