"""Create outgoing messages and the ledger of jobs."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "outbox",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("dedupe_key", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("to_kind", sa.Text(), nullable=False),
        sa.Column("to_id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("group_id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("mentions", sa.Text(), nullable=False),
        sa.Column("cause", sa.Text(), nullable=False),
        sa.Column("reply", sa.Boolean(), nullable=False),
        sa.Column("status", sa.Text(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "not_before",
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
        sa.Column(
            "claimed_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "settled_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("platform_id", sa.Text(), nullable=True),
        sa.Column("batch", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("account", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dedupe_key", name=op.f("uq_outbox_dedupe_key")),
    )
    op.create_index(op.f("ix_outbox_batch"), "outbox", ["batch"], unique=False)
    op.create_index(op.f("ix_outbox_claimed_at"), "outbox", ["claimed_at"], unique=False)
    op.create_index(op.f("ix_outbox_member_claimed_at"), "outbox", ["member", "claimed_at"], unique=False)
    op.create_index(op.f("ix_outbox_status_not_before"), "outbox", ["status", "not_before"], unique=False)
    op.create_index(
        op.f("ix_outbox_to_kind_to_id_claimed_at"), "outbox", ["to_kind", "to_id", "claimed_at"], unique=False
    )
    op.create_table(
        "job_runs",
        sa.Column("name", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "due_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "started_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "finished_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("outcome", sa.Text(), nullable=False),
        sa.Column("owner", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("name", "due_at", name=op.f("pk_job_runs")),
    )


def downgrade() -> None:
    op.drop_table("job_runs")
    op.drop_table("outbox")
