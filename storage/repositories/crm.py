"""What another system is told of consenting members: whom it knows, and the webhooks that wait."""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import Connection, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from bot.core.instants import Instant
from storage.crm_rows import CrmNoticeRow, CrmSubjectRow
from storage.models import CrmNoticeRecord, CrmSubjectRecord
from storage.statements import chunks, columns_of
from storage.types import table_of

SUBJECTS = table_of(CrmSubjectRecord)
NOTICES = table_of(CrmNoticeRecord)
_SUBJECT = columns_of(SUBJECTS, CrmSubjectRow)
_NOTICE = columns_of(NOTICES, CrmNoticeRow)


class Crm:
    """Tables crm_subjects and crm_notices."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def subjects(self, members: Iterable[str]) -> dict[str, CrmSubjectRow]:
        """Those of `members` of whom the other system knows."""
        found: dict[str, CrmSubjectRow] = {}
        for chunk in chunks(members):
            rows = self._connection.execute(select(*_SUBJECT).where(SUBJECTS.c.member.in_(chunk)))
            found.update((row.member, CrmSubjectRow._make(row)) for row in rows)
        return found

    def know(self, row: CrmSubjectRow) -> None:
        self.unknow(row.member)
        self._connection.execute(insert(SUBJECTS).values(row._asdict()))

    def unknow(self, member: str) -> None:
        self._connection.execute(delete(SUBJECTS).where(SUBJECTS.c.member == member))

    def unknow_all(self) -> None:
        """Another system is told from now on, or by other rules: everything is told anew."""
        self._connection.execute(delete(SUBJECTS))
        self._connection.execute(delete(NOTICES).where(NOTICES.c.status == "queued"))

    def add(self, row: CrmNoticeRow) -> bool:
        """Plan a webhook in place of those of its key that still wait; a known dedupe key is left as it is."""
        self._connection.execute(delete(NOTICES).where(NOTICES.c.key == row.key, NOTICES.c.status == "queued"))
        dialect = sqlite.insert if self._connection.dialect.name == "sqlite" else postgresql.insert
        values = row._asdict()
        del values["id"]
        adding = dialect(NOTICES).values(values).on_conflict_do_nothing(index_elements=["dedupe_key"])
        return self._connection.execute(adding).rowcount == 1

    def claim(self, now: Instant, again_at: Instant) -> CrmNoticeRow | None:
        """The first webhook that is due, one attempt counted; it is due again at `again_at` unless settled."""
        due = select(*_NOTICE).where(NOTICES.c.status == "queued", NOTICES.c.not_before <= now)
        found = self._connection.execute(due.order_by(NOTICES.c.id).limit(1)).first()
        if found is None:
            return None
        row = CrmNoticeRow._make(found)
        mine = update(NOTICES).where(NOTICES.c.id == row.id, NOTICES.c.attempts == row.attempts)
        taken = self._connection.execute(mine.values(attempts=row.attempts + 1, not_before=again_at)).rowcount
        return row._replace(attempts=row.attempts + 1) if taken else None

    def sent(self, id_: int, now: Instant) -> None:
        told = {"status": "sent", "body": "", "reason": "", "settled_at": now}
        self._connection.execute(update(NOTICES).where(NOTICES.c.id == id_).values(told))

    def put_off(self, id_: int, until: Instant, reason: str) -> None:
        self._connection.execute(update(NOTICES).where(NOTICES.c.id == id_).values(not_before=until, reason=reason))

    def fail(self, id_: int, now: Instant, reason: str) -> None:
        told = {"status": "failed", "body": "", "reason": reason, "settled_at": now}
        self._connection.execute(update(NOTICES).where(NOTICES.c.id == id_).values(told))

    def next_due(self) -> Instant | None:
        """When the next webhook that waits may go."""
        due: Instant | None = self._connection.scalar(
            select(func.min(NOTICES.c.not_before)).where(NOTICES.c.status == "queued")
        )
        return due

    def count_by_status(self) -> dict[str, int]:
        counted = select(NOTICES.c.status, func.count()).group_by(NOTICES.c.status).order_by(NOTICES.c.status)
        return {row.status: row[1] for row in self._connection.execute(counted)}

    def last_reason(self) -> str:
        """Why the latest webhook that has not arrived did not."""
        wanted = select(NOTICES.c.reason).where(NOTICES.c.status != "sent", NOTICES.c.reason != "")
        return self._connection.scalar(wanted.order_by(NOTICES.c.id.desc()).limit(1)) or ""

    def drop_settled(self, before: Instant) -> int:
        """Delete what was settled before an instant; returns how many."""
        return self._connection.execute(delete(NOTICES).where(NOTICES.c.settled_at < before)).rowcount
