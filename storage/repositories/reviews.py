"""Messages with a verdict, what admins said of them, and what they decided."""

from __future__ import annotations

from sqlalchemy import Connection, delete, func, select, update

from bot.core.instants import Instant
from storage.models import DecisionRecord, EventRecord, VoteRecord
from storage.review_rows import DecisionRow, FlaggedRow, VoteRow
from storage.statements import BatchInsert, columns_of
from storage.types import table_of

EVENTS, VOTES, DECISIONS = table_of(EventRecord), table_of(VoteRecord), table_of(DecisionRecord)
_FLAGGED = columns_of(EVENTS, FlaggedRow)
_VOTE = BatchInsert(VOTES, VoteRow._fields)
_DECIDE = BatchInsert(DECISIONS, DecisionRow._fields)
_HAS_VERDICT = (EVENTS.c.type == "message", EVENTS.c.verdict != "", EVENTS.c.member.is_not(None))


class Reviews:
    """Tables votes and decisions, and the part of the log they are about."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, after: Instant, actor: str, limit: int) -> list[FlaggedRow]:
        """Messages after an instant that are undecided, that `actor` has not judged and did not write, newest first."""
        judged = select(VOTES.c.message).where(VOTES.c.actor == actor)
        left = (EVENTS.c.id.not_in(select(DECISIONS.c.message)), EVENTS.c.id.not_in(judged), EVENTS.c.member != actor)
        wanted = select(*_FLAGGED).where(EVENTS.c.at > after, ~EVENTS.c.historical, *_HAS_VERDICT, *left)
        rows = self._connection.execute(wanted.order_by(EVENTS.c.at.desc(), EVENTS.c.id.desc()).limit(limit))
        return [FlaggedRow._make(row) for row in rows]

    def flagged(self, seq: int) -> FlaggedRow | None:
        row = self._connection.execute(select(*_FLAGGED).where(EVENTS.c.seq == seq, *_HAS_VERDICT)).first()
        return None if row is None else FlaggedRow._make(row)

    def vote(self, row: VoteRow) -> None:
        """Raises IntegrityError for a second vote of the same admin on a message."""
        _VOTE.run(self._connection, [row])

    def votes(self, message: str) -> list[VoteRow]:
        wanted = select(*columns_of(VOTES, VoteRow)).where(VOTES.c.message == message).order_by(VOTES.c.actor)
        return [VoteRow._make(row) for row in self._connection.execute(wanted)]

    def votes_of(self, actor: str, after: Instant) -> int:
        wanted = select(func.count()).where(VOTES.c.actor == actor, VOTES.c.at > after)
        return self._connection.scalar(wanted) or 0

    def decide(self, row: DecisionRow) -> None:
        _DECIDE.run(self._connection, [row])

    def decision(self, message: str) -> DecisionRow | None:
        row = self._connection.execute(
            select(*columns_of(DECISIONS, DecisionRow)).where(DECISIONS.c.message == message)
        ).first()
        return None if row is None else DecisionRow._make(row)

    def rename_actor(self, actor: str, name: str) -> None:
        """Put another name in the place of who judged."""
        self._connection.execute(update(VOTES).where(VOTES.c.actor == actor).values(actor=name))

    def delete(self, member: str) -> int:
        """Delete what was said and decided of a member's messages."""
        self._connection.execute(delete(VOTES).where(VOTES.c.member == member))
        return self._connection.execute(delete(DECISIONS).where(DECISIONS.c.member == member)).rowcount
