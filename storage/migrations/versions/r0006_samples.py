"""Create the samples that quantile tags compare."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def _moment(name: str) -> sa.Column[int]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, comment=comment)


def _whole(name: str) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False)


def upgrade() -> None:
    op.create_table(
        "samples",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        _moment("at"),
        _moment("until"),
        _whole("clicks"),
        _whole("conversion"),
        _moment("last_order"),
        _whole("orders"),
        _whole("total"),
        _whole("hidden"),
        sa.PrimaryKeyConstraint("member", "at", name=op.f("pk_samples")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_samples_at_member"), "samples", ["at", "member"], unique=False)
    op.create_index(op.f("ix_samples_until"), "samples", ["until"], unique=False)
    op.create_index(op.f("ix_tag_changes_at"), "tag_changes", ["at"], unique=False)


def downgrade() -> None:
    op.drop_index(op.f("ix_tag_changes_at"), table_name="tag_changes")
    op.drop_table("samples")
