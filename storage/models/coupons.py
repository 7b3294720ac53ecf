"""Coupon codes that were given."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import flag, ident, moment


class CouponRecord(Stored, table=True):
    """A code of a pool, given with the outgoing message `dedupe_key`; who is forgotten leaves it without `member`.

    `answered`: the log has its `promotion` event, because it was used or ran out.
    """

    __tablename__ = "coupons"
    __table_args__ = (Index(None, "member"),)

    pool: str = ident(key=True)
    code: str = ident(key=True)
    member: str | None = ident(nullable=True)
    dedupe_key: str = ident()
    given_at: int = moment()
    expires_at: int = moment()
    answered: bool = flag()
