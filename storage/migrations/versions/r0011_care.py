"""Create the last uses of tags and the judgements of sampled ones."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def _ident(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=comment)


def upgrade() -> None:
    op.create_table(
        "tag_uses",
        _ident("path"),
        _ident("way"),
        _moment("at"),
        sa.PrimaryKeyConstraint("path", "way", name=op.f("pk_tag_uses")),
    )
    op.create_table(
        "judgements",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _moment("asked_at"),
        _ident("member"),
        _ident("path"),
        _ident("value"),
        _ident("actor", nullable=True),
        _moment("judged_at", nullable=True),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_judgements")),
    )
    op.create_index(op.f("ix_judgements_asked_at"), "judgements", ["asked_at"], unique=False)
    op.create_index(op.f("ix_judgements_member"), "judgements", ["member"], unique=False)


def downgrade() -> None:
    op.drop_table("judgements")
    op.drop_table("tag_uses")
