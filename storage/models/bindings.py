"""Accounts in other systems that members bound to themselves."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import ident, moment


class BindingRecord(Stored, table=True):
    """A `bind` event of a member, once for each way an order may write the account."""

    __tablename__ = "bindings"
    __table_args__ = (Index(None, "account", "at"), Index(None, "member"), {"sqlite_with_rowid": False})

    event: str = ident(key=True)
    account: str = ident(key=True)
    member: str = ident()
    at: int = moment()
