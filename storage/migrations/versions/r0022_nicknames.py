"""Create the table of what people call themselves in each group."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def upgrade() -> None:
    comment = "microseconds since 1970-01-01T00:00Z"
    op.create_table(
        "nicknames",
        _ident("group_id"),
        _ident("member"),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False, comment=comment),
        sa.PrimaryKeyConstraint("group_id", "member", name=op.f("pk_nicknames")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_nicknames_member"), "nicknames", ["member"])


def downgrade() -> None:
    op.drop_table("nicknames")
