"""Create the tables of what another system is told of consenting members."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

_COMMENT = "microseconds since 1970-01-01T00:00Z"


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=_COMMENT)


def upgrade() -> None:
    op.create_table(
        "crm_subjects",
        _ident("member"),
        _ident("key"),
        sa.Column("digest", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_crm_subjects")),
    )
    op.create_table(
        "crm_notices",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _ident("dedupe_key"),
        _ident("key"),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("attempts", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        _moment("created_at"),
        _moment("not_before"),
        _moment("settled_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_crm_notices")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_crm_notices_dedupe_key")),
    )
    op.create_index(op.f("ix_crm_notices_status_not_before"), "crm_notices", ["status", "not_before"])
    op.create_index(op.f("ix_crm_notices_key"), "crm_notices", ["key"])


def downgrade() -> None:
    op.drop_table("crm_notices")
    op.drop_table("crm_subjects")
