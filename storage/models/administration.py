"""Who may do what, what was done, and by which rules."""

from __future__ import annotations

from sqlalchemy import Index

from storage.models.schema import Stored
from storage.types import counter, flag, ident, json, moment, prose, whole


class AuditRecord(Stored, table=True):
    """An act or a refused attempt; `subject` is the member it was about."""

    __tablename__ = "audit"
    __table_args__ = (Index(None, "subject", "id"), Index(None, "at"))

    id: int | None = counter()
    at: int = moment()
    actor: str = ident()
    action: str = prose()
    subject: str | None = ident(nullable=True)
    detail: dict[str, object] = json()
    allowed: bool = flag()


class RoleRecord(Stored, table=True):
    """A role held by a contact id, until a term ends; `backup` is the AB角."""

    __tablename__ = "roles"
    __table_args__ = (Index(None, "role"),)

    member: str = ident(key=True)
    role: str = ident(key=True)
    granted_at: int = moment()
    until: int | None = moment(nullable=True)
    granted_by: str | None = ident(nullable=True)
    backup: str | None = ident(nullable=True)


class ConfirmationRecord(Stored, table=True):
    """Something an admin asked for that waits for his #确认; status pending, done, cancelled."""

    __tablename__ = "confirmations"
    __table_args__ = (Index(None, "actor", "status"),)

    id: int | None = counter()
    kind: str = prose()
    actor: str = ident()
    payload: dict[str, object] = json()
    created_at: int = moment()
    expires_at: int = moment()
    status: str = prose()


class RuleSetRecord(Stored, table=True):
    """An immutable rule set; `content` is its TOML, `digest` the hash of it."""

    __tablename__ = "rule_sets"

    number: int = whole(key=True)
    digest: str = ident(unique=True)
    author: str = prose()
    note: str = prose()
    created_at: int = moment()
    content: str = prose()


class ActivationRecord(Stored, table=True):
    """After `at`, rule set `number` decides; of several at one instant the last. `voided_at`: it was rolled back."""

    __tablename__ = "activations"

    id: int | None = counter()
    at: int = moment()
    number: int = whole()
    actor: str = prose()
    note: str = prose()
    recorded_at: int = moment()
    voided_at: int | None = moment(nullable=True)


class DeploymentRecord(Stored, table=True):
    """One named value of this deployment (mode, swept_to, …)."""

    __tablename__ = "deployment"

    key: str = ident(key=True)
    value: str = prose()
