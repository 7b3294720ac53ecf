"""Samples of tags put before people: at most ten questions a week, each with what the tag rests on (RULEBOOK §8)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.core.instants import Instant
from bot.core.sampling import A_WEEK, FOR_KEY, KEY_PATHS, POOLED, WEEK, Quality, draw
from bot.errors import Refused
from storage.care_rows import JudgementRow
from storage.unit_of_work import UnitOfWork

Sees = Callable[[str, str], bool]
"""Whether the person asked may read a tag, by path and value."""
TRIES = 12
"""Draws before a question is given up, when what is drawn was asked already or may not be seen."""


def next_question(uow: UnitOfWork, now: Instant, sees: Sees) -> JudgementRow | None:
    """The question that waits, else a new one; None when this week's are asked or nothing can be drawn."""
    recent = uow.judgements.since(now - WEEK)
    waiting = [row for row in recent if row.judged_at is None and sees(row.path, row.value) and _holds(uow, row)]
    if waiting:
        return waiting[0]
    if len(recent) >= A_WEEK:
        return None
    drawn = _drawn(uow, now, len(recent), sees)
    if drawn is not None:
        uow.judgements.ask(drawn)
        return uow.judgements.since(now - 1)[-1]
    return None


def _holds(uow: UnitOfWork, row: JudgementRow) -> bool:
    """A tag that has gone meanwhile can no longer be judged."""
    tags = uow.tags.of_members([row.member]).get(row.member, ())
    return any((tag.path, tag.value) == (row.path, row.value) for tag in tags)


def _drawn(uow: UnitOfWork, now: Instant, number: int, sees: Sees) -> JudgementRow | None:
    asked = {(row.member, row.path, row.value) for row in uow.judgements.since(now - POOLED)}
    paths = _paths(uow.tags.paths(), number)
    for attempt in range(TRIES if paths else 0):
        seed = number * TRIES + attempt
        path = paths[draw(now // WEEK, seed, "path", len(paths))]
        count = sum(uow.tags.count_by(path).values())
        member, value = uow.tags.nth_holder(path, draw(now // WEEK, seed, "holder", count))
        if (member, path, value) not in asked and sees(path, value):
            return JudgementRow(now, member, path, value)
    return None


def _paths(held: Sequence[str], number: int) -> list[str]:
    """Key tags for the first questions of a week, then the others; all of them when there are none of that sort."""
    wanted = [path for path in held if (path in KEY_PATHS) == (number < FOR_KEY)]
    return wanted or list(held)


def settle(uow: UnitOfWork, number: int, actor: str, now: Instant, correct: bool, sees: Sees) -> JudgementRow:
    """Write an answer down. Raises Refused for a question that is unknown, answered, or not for this person."""
    row = uow.judgements.get(number)
    if row is None or not sees(row.path, row.value) or not uow.judgements.settle(number, actor, now, correct):
        raise Refused(f"没有待回答的第 {number} 题")
    return row


def pooled(uow: UnitOfWork, now: Instant) -> Mapping[str, Quality]:
    """Answers of the last 180 days by tag path."""
    judged, wrong = Counter[str](), Counter[str]()
    for row in uow.judgements.since(now - POOLED):
        if row.judged_at is not None:
            judged[row.path] += 1
            wrong[row.path] += not row.correct
    return {path: Quality(judged[path], wrong[path]) for path in sorted(judged)}


def together(found: Mapping[str, Quality], paths: Sequence[str]) -> Quality:
    """The answers about several paths as one."""
    among = [one for path, one in found.items() if path in paths]
    return Quality(sum(one.judged for one in among), sum(one.wrong for one in among))
