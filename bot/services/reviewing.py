"""Verdicts put before admins; what enough of them agree on is a sample that can be learned from.

One vote an admin and message; two must agree where two could; nobody judges his own message, and nobody more than
`A_WEEK` in a week, so that no single account can teach the bot much. Putting somebody out of the group is no vote.
"""

from __future__ import annotations

from bot.core.instants import DAY, Instant
from bot.errors import Refused
from bot.services import removals
from storage.review_rows import DecisionRow, FlaggedRow, VoteRow
from storage.unit_of_work import UnitOfWork

RECENT = 14 * DAY
"""How far back verdicts are put before people."""
WEEK = 7 * DAY
A_WEEK = 20
QUORUM = 2


def waiting(uow: UnitOfWork, actor: str, now: Instant, limit: int) -> list[FlaggedRow]:
    """Recent verdicts that `actor` can still judge, the newest first."""
    return uow.reviews.waiting(now - RECENT, actor, limit)


def vote(uow: UnitOfWork, number: int, actor: str, now: Instant, correct: bool) -> tuple[FlaggedRow, bool]:
    """Say whether a verdict is correct. Returns its message, and whether that is decided now. Raises Refused."""
    row = uow.reviews.flagged(number)
    if row is None or row.at <= now - RECENT:
        raise Refused(f"没有待审核的第 {number} 条")
    _check(uow, row, actor, now)
    uow.reviews.vote(VoteRow(row.id, actor, row.member, now, correct))
    judges = removals.others(uow, "", row.member, now)
    agreeing = [one for one in uow.reviews.votes(row.id) if one.correct is correct and one.actor in judges]
    decided = len(agreeing) >= min(QUORUM, len(judges))
    if decided:
        uow.reviews.decide(DecisionRow(row.id, row.member, row.verdict, correct, now))
    return row, decided


def _check(uow: UnitOfWork, row: FlaggedRow, actor: str, now: Instant) -> None:
    """Raises Refused when `actor` may not judge this message now."""
    if row.member == actor:
        raise Refused("不能审核自己的消息")
    if uow.reviews.decision(row.id) is not None:
        raise Refused(f"第 {row.seq} 条已经审核完了")
    if any(one.actor == actor for one in uow.reviews.votes(row.id)):
        raise Refused(f"第 {row.seq} 条你已经审核过，等另一位管理员的意见")
    if uow.reviews.votes_of(actor, now - WEEK) >= A_WEEK:
        raise Refused(f"每人每周最多审核 {A_WEEK} 条")
