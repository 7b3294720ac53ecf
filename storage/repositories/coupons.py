"""Which coupon code was given to whom."""

from __future__ import annotations

from collections.abc import Collection
from typing import NamedTuple

from sqlalchemy import Connection, delete, insert, select, update

from bot.core.instants import Instant
from storage.models import CouponRecord
from storage.statements import columns_of
from storage.types import table_of


class CouponRow(NamedTuple):
    """A given code (see storage.models.coupons)."""

    pool: str
    code: str
    member: str | None
    dedupe_key: str
    given_at: Instant
    expires_at: Instant
    answered: bool = False


COUPONS = table_of(CouponRecord)
_ROW = columns_of(COUPONS, CouponRow)


class Coupons:
    """Table coupons."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def given(self, pool: str) -> set[str]:
        """The codes of a pool that are gone."""
        return set(self._connection.scalars(select(COUPONS.c.code).where(COUPONS.c.pool == pool)))

    def give(self, row: CouponRow) -> None:
        """Raises IntegrityError for a code that is gone."""
        self._connection.execute(insert(COUPONS).values(row._asdict()))

    def take_back(self, dedupe_key: str) -> None:
        """The message never left: its code is free again."""
        self._connection.execute(delete(COUPONS).where(COUPONS.c.dedupe_key == dedupe_key))

    def unanswered(self, members: Collection[str]) -> list[CouponRow]:
        """Codes of these members that were neither used nor ran out, the oldest first."""
        wanted = select(*_ROW).where(COUPONS.c.member.in_(members), ~COUPONS.c.answered)
        rows = self._connection.execute(wanted.order_by(COUPONS.c.given_at, COUPONS.c.pool, COUPONS.c.code))
        return [CouponRow._make(row) for row in rows]

    def run_out(self, at: Instant) -> list[CouponRow]:
        """Unanswered codes that are good no more at an instant."""
        wanted = select(*_ROW).where(COUPONS.c.expires_at <= at, ~COUPONS.c.answered, COUPONS.c.member.is_not(None))
        rows = self._connection.execute(wanted.order_by(COUPONS.c.expires_at, COUPONS.c.pool, COUPONS.c.code))
        return [CouponRow._make(row) for row in rows]

    def answer(self, pool: str, code: str) -> None:
        mine = update(COUPONS).where(COUPONS.c.pool == pool, COUPONS.c.code == code)
        self._connection.execute(mine.values(answered=True))

    def forget(self, member: str) -> None:
        """The code stays gone; whose it was is not known any more."""
        mine = update(COUPONS).where(COUPONS.c.member == member)
        self._connection.execute(mine.values(member=None, dedupe_key="", answered=True))
