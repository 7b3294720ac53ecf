"""What another system (a CRM or CDP) is told of members who agreed to it, under keyed hashes alone."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import counter, ident, moment, prose, whole


class CrmSubjectRecord(Stored, table=True):
    """A member of whom the other system knows, under which key, and the digest of the tags last told."""

    __tablename__ = "crm_subjects"

    member: str = ident(key=True)
    key: str = ident()
    digest: str = prose()


class CrmNoticeRecord(Stored, table=True):
    """One webhook to the other system; it names nobody but by `key`. status: queued → sent | failed.

    `not_before` of a row that is being sent is when it may be tried again should its end never be known. The body is
    dropped once it has arrived.
    """

    __tablename__ = "crm_notices"
    __table_args__ = (Index(None, "status", "not_before"), Index(None, "key"))

    id: int | None = counter()
    dedupe_key: str = ident(unique=True)
    key: str = ident()
    body: str = prose()
    status: str = prose()
    attempts: int = whole()
    reason: str = prose()
    created_at: int = moment()
    not_before: int = moment()
    settled_at: int | None = moment(nullable=True)
