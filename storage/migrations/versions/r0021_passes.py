"""Create the table of addresses that were handed to one person."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None

_COMMENT = "microseconds since 1970-01-01T00:00Z"


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=_COMMENT)


def upgrade() -> None:
    op.create_table(
        "passes",
        _ident("keyed_hash"),
        _ident("purpose"),
        _ident("member"),
        _moment("created_at"),
        _moment("expires_at"),
        _moment("used_at", nullable=True),
        sa.PrimaryKeyConstraint("keyed_hash", name=op.f("pk_passes")),
    )
    op.create_index(op.f("ix_passes_member_purpose"), "passes", ["member", "purpose"], unique=False)
    op.create_index(op.f("ix_passes_expires_at"), "passes", ["expires_at"], unique=False)


def downgrade() -> None:
    op.drop_table("passes")
