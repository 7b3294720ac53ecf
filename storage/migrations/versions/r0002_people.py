"""Create members, groups and conversations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "members",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "joined_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("inferred", sa.Boolean(), nullable=False),
        sa.Column("stage", sa.Text(), nullable=True),
        sa.Column("score", sa.Float(precision=53), nullable=True),
        sa.Column(
            "last_interaction",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("exempt", sa.Boolean(), nullable=False),
        sa.Column("is_friend", sa.Boolean(), nullable=False),
        sa.Column("minor", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_members")),
    )
    op.create_index(op.f("ix_members_name"), "members", ["name"], unique=False)
    op.create_table(
        "groups",
        sa.Column("id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column(
            "entered_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("account", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_groups")),
    )
    op.create_table(
        "memberships",
        sa.Column("group_id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "first_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "last_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("present", sa.Boolean(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("group_id", "member", name=op.f("pk_memberships")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_memberships_member"), "memberships", ["member"], unique=False)
    op.create_index(op.f("ix_memberships_name"), "memberships", ["name"], unique=False)
    op.create_table(
        "conversations",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("group_id", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column(
            "asked_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "due_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=True,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_conversations")),
    )
    op.create_index(op.f("ix_conversations_due_at"), "conversations", ["due_at"], unique=False)


def downgrade() -> None:
    op.drop_table("conversations")
    op.drop_table("memberships")
    op.drop_table("groups")
    op.drop_table("members")
