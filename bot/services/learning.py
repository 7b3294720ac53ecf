"""Versions of what people's decisions taught: learned anew at each decision, rolled back by one command.

Reviewed adverts and labelled topics are samples alike. A version names the span of time whose samples it brought in; a
sample outside every span was refused with what came with it, and those of a rolled-back version are left out from then
on, else the next decision would bring it back.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from bot.core.instants import Instant
from bot.ports import Reader
from bot.services.reviewing import A_WEEK, WEEK
from storage.review_rows import LessonRow, TopicRow
from storage.unit_of_work import UnitOfWork

IN_FORCE = "lesson"
"""Deployment key: the number of the version in force, "0" for the shipped models alone."""
MOST_SAMPLES = 500


class Sample(NamedTuple):
    """A text, what was decided of it (whether it is an advert, or its topic), and when."""

    text: str
    mark: bool | str
    at: Instant


def learn(uow: UnitOfWork, reader: Reader, now: Instant) -> bool:
    """Learn from what is new as well, of texts that are still there; whether a new version came into force.

    When all of it together may not be used, the newest sample may still be: one bad sample must not end learning.
    """
    for since, samples in _attempts(uow):
        lesson = reader.learn([(sample.text, sample.mark) for sample in samples[-MOST_SAMPLES:]])
        if lesson is not None:
            uow.reviews.keep(LessonRow(since, now, len(samples), lesson.weights, lesson.f1, lesson.false_alarms))
            _note(uow)
            return True
    return False


def _attempts(uow: UnitOfWork) -> Iterator[tuple[Instant, Sequence[Sample]]]:
    """Samples to learn from, with the instant after which they are new."""
    every = uow.reviews.lessons()
    spans = [(row.since, row.at) for row in every if row.voided_at is None]
    last = every[-1].at if every else 0
    samples = sorted(_samples(uow), key=lambda sample: sample.at)
    kept = [sample for sample in samples if any(since < sample.at <= until for since, until in spans)]
    new = [sample for sample in samples if sample.at > last]
    if new:
        yield last, kept + new
    if len(new) > 1:
        yield new[-1].at - 1, kept + [sample for sample in new if sample.at == new[-1].at]


def _samples(uow: UnitOfWork) -> list[Sample]:
    reviewed = [Sample(text, ad, at) for text, ad, at in uow.reviews.samples()]
    return reviewed + [Sample(one.text, one.topic, one.at) for one in labelled(uow)]


def labelled(uow: UnitOfWork) -> list[TopicRow]:
    """Labelled messages as samples to learn from: the last label of each, nobody's of his own words.

    Of one person no more than `A_WEEK` in any week, the first of them: no single account can teach the bot much.
    """
    last = {row.message: row for row in uow.reviews.topics()}
    taken: dict[str, list[Instant]] = {}
    found = []
    for row in sorted(last.values(), key=lambda row: (row.at, row.message)):
        own = taken.setdefault(row.by, [])
        if row.by != row.member and sum(at > row.at - WEEK for at in own) < A_WEEK:
            own.append(row.at)
            found.append(row)
    return found


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
