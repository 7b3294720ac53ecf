"""Messages with a verdict, what admins said of them, and what they decided."""

from __future__ import annotations

from collections.abc import Iterable

import orjson
from sqlalchemy import Connection, delete, func, inspect, select, update

from bot.core.instants import Instant
from storage.models import DecisionRecord, EventRecord, LessonRecord, VoteRecord
from storage.review_rows import DecisionRow, FlaggedRow, LessonRow, TopicRow, VoteRow
from storage.statements import BatchInsert, chunks, columns_of
from storage.types import table_of

EVENTS, VOTES, DECISIONS = table_of(EventRecord), table_of(VoteRecord), table_of(DecisionRecord)
LESSONS = table_of(LessonRecord)
_FLAGGED = columns_of(EVENTS, FlaggedRow)
_VOTE = BatchInsert(VOTES, VoteRow._fields)
_DECIDE = BatchInsert(DECISIONS, DecisionRow._fields)
_KEEP = BatchInsert(LESSONS, LessonRow._fields[:-1])
_HAS_VERDICT = (EVENTS.c.type == "message", EVENTS.c.verdict != "", EVENTS.c.member.is_not(None))


class Reviews:
    """Tables votes, decisions and lessons, and the part of the log they are about."""

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

    def samples(self) -> list[tuple[str, bool, Instant]]:
        """(text, whether an advert, when decided) of the reviewed advert verdicts whose text is still there."""
        texts = EVENTS.join(DECISIONS, EVENTS.c.id == DECISIONS.c.message)
        wanted = select(EVENTS.c.text, DECISIONS.c.correct, DECISIONS.c.at).select_from(texts)
        kept = wanted.where(DECISIONS.c.verdict == "ad", EVENTS.c.text.is_not(None))
        rows = self._connection.execute(kept.order_by(DECISIONS.c.at, DECISIONS.c.message))
        return [(text, correct, at) for text, correct, at in rows]

    def topics(self) -> list[TopicRow]:
        """Labels of messages whose text is still there, by at, id."""
        wanted = select(EVENTS.c.body, EVENTS.c.at).where(EVENTS.c.type == "label").order_by(EVENTS.c.at, EVENTS.c.id)
        said = [(orjson.loads(body), at) for body, at in self._connection.execute(wanted)]
        texts = self._texts({body["message"] for body, _ in said if "message" in body})
        return [
            TopicRow(body["message"], body["topic"], body["by"], at, *texts[body["message"]])
            for body, at in said
            if body.get("message") in texts
        ]

    def _texts(self, messages: Iterable[str]) -> dict[str, tuple[str, str]]:
        """Who wrote a message, and its text, by id."""
        found: dict[str, tuple[str, str]] = {}
        for chunk in chunks(sorted(messages)):
            there = (EVENTS.c.id.in_(chunk), EVENTS.c.text.is_not(None), EVENTS.c.member.is_not(None))
            rows = self._connection.execute(select(EVENTS.c.id, EVENTS.c.member, EVENTS.c.text).where(*there))
            found |= {id_: (member, text) for id_, member, text in rows}
        return found

    def is_there(self) -> bool:
        """Whether the database has the tables."""
        return inspect(self._connection).has_table(LESSONS.name)

    def keep(self, row: LessonRow) -> None:
        _KEEP.run(self._connection, [row[:-1]])

    def lessons(self) -> list[LessonRow]:
        """All versions, oldest first."""
        wanted = select(*columns_of(LESSONS, LessonRow)).order_by(LESSONS.c.number)
        return [LessonRow._make(row) for row in self._connection.execute(wanted)]

    def void(self, number: int, at: Instant) -> None:
        self._connection.execute(update(LESSONS).where(LESSONS.c.number == number).values(voided_at=at))

    def rename_actor(self, actor: str, name: str) -> None:
        """Put another name in the place of who judged."""
        self._connection.execute(update(VOTES).where(VOTES.c.actor == actor).values(actor=name))

    def delete(self, member: str) -> int:
        """Delete what was said and decided of a member's messages."""
        self._connection.execute(delete(VOTES).where(VOTES.c.member == member))
        return self._connection.execute(delete(DECISIONS).where(DECISIONS.c.member == member)).rowcount
