"""Create the log of facts."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "events",
        sa.Column("seq", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("type", sa.Text(), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("group_id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("body", sa.Text(), nullable=False),
        sa.Column("text", sa.Text(), nullable=True),
        sa.Column("base", sa.Float(precision=53), nullable=True),
        sa.Column("quality", sa.Float(precision=53), nullable=True),
        sa.Column("verdict", sa.Text(), nullable=False),
        sa.Column("valid", sa.Boolean(), nullable=False),
        sa.Column("role", sa.Text(), nullable=False),
        sa.Column("sketch", sa.LargeBinary(), nullable=True),
        sa.Column("chain", sa.Boolean(), nullable=False),
        sa.Column("historical", sa.Boolean(), nullable=False),
        sa.Column(
            "recorded_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("checks", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_events")),
        sa.UniqueConstraint("id", name=op.f("uq_events_id")),
    )
    op.create_index(op.f("ix_events_at"), "events", ["at"], unique=False)
    op.create_index(
        "ix_events_deaf",
        "events",
        ["at"],
        unique=False,
        sqlite_where=sa.text("type = 'deaf'"),
        postgresql_where=sa.text("type = 'deaf'"),
    )
    op.create_index(op.f("ix_events_group_id_at"), "events", ["group_id", "at"], unique=False)
    op.create_index(op.f("ix_events_member_at"), "events", ["member", "at"], unique=False)
    op.create_table(
        "held_facts",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("run", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("event_id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("record", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_held_facts")),
    )
    op.create_index(op.f("ix_held_facts_member"), "held_facts", ["member"], unique=False)
    op.create_index(op.f("ix_held_facts_run_at"), "held_facts", ["run", "at"], unique=False)
    op.create_table(
        "rollups",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "folded_to",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "dirty_from",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("facts", sa.LargeBinary(), nullable=False),
        sa.Column("revision", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_rollups")),
    )
    op.create_index(
        "ix_rollups_dirty",
        "rollups",
        ["member"],
        unique=False,
        sqlite_where=sa.text("dirty_from IS NOT NULL"),
        postgresql_where=sa.text("dirty_from IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_table("rollups")
    op.drop_table("held_facts")
    op.drop_table("events")
