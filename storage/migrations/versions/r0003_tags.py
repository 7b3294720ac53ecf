"""Create tags, their history, stages, flags and sweeps."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "tags",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("path", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("value", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("weight", sa.Float(precision=53), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column(
            "since",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_set", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member", "path", "value", name=op.f("pk_tags")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_tags_path_value"), "tags", ["path", "value"], unique=False)
    op.create_table(
        "tag_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("path", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("value", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("because", sa.Text(), nullable=False),
        sa.Column("rule", sa.Text(), nullable=False),
        sa.Column("rule_set", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column(
            "recorded_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tag_changes")),
    )
    op.create_index(op.f("ix_tag_changes_member_at"), "tag_changes", ["member", "at"], unique=False)
    op.create_table(
        "stage_changes",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("from_stage", sa.Text(), nullable=True),
        sa.Column("to_stage", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("because", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stage_changes")),
        sa.UniqueConstraint("member", "at", "to_stage", name=op.f("uq_stage_changes_member_at_to_stage")),
    )
    op.create_index(op.f("ix_stage_changes_at"), "stage_changes", ["at"], unique=False)
    op.create_table(
        "flags",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member", "kind", "at", name=op.f("pk_flags")),
    )
    op.create_index(op.f("ix_flags_at"), "flags", ["at"], unique=False)
    op.create_table(
        "sweeps",
        sa.Column(
            "as_of",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "previous",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("flagged", sa.Text(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.PrimaryKeyConstraint("as_of", name=op.f("pk_sweeps")),
    )


def downgrade() -> None:
    op.drop_table("sweeps")
    op.drop_table("flags")
    op.drop_table("stage_changes")
    op.drop_table("tag_changes")
    op.drop_table("tags")
