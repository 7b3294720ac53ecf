"""Create the words that could become tags, and the coupon codes that were given."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def _ident(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[int]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=comment)


def upgrade() -> None:
    op.create_table(
        "suggestions",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _ident("word"),
        sa.Column("members", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("messages", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("score", sa.Float(precision=53), nullable=False),
        _moment("found_at"),
        _moment("adopted_at", nullable=True),
        _ident("actor", nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_suggestions")),
        sa.UniqueConstraint("word", name=op.f("uq_suggestions_word")),
    )
    op.create_table(
        "coupons",
        _ident("pool"),
        _ident("code"),
        _ident("member", nullable=True),
        _ident("dedupe_key"),
        _moment("given_at"),
        _moment("expires_at"),
        sa.Column("answered", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("pool", "code", name=op.f("pk_coupons")),
    )
    op.create_index(op.f("ix_coupons_member"), "coupons", ["member"])


def downgrade() -> None:
    op.drop_table("coupons")
    op.drop_table("suggestions")
