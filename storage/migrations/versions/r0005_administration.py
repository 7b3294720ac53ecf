"""Create roles, audit, rule sets, consents."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("actor", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("action", sa.Text(), nullable=False),
        sa.Column("subject", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("detail", sa.Text(), nullable=False),
        sa.Column("allowed", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit")),
    )
    op.create_index(op.f("ix_audit_at"), "audit", ["at"], unique=False)
    op.create_index(op.f("ix_audit_subject_id"), "audit", ["subject", "id"], unique=False)
    op.create_table(
        "roles",
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("role", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "granted_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "until", sa.BigInteger(), autoincrement=False, nullable=True, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("granted_by", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.Column("backup", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=True),
        sa.PrimaryKeyConstraint("member", "role", name=op.f("pk_roles")),
    )
    op.create_index(op.f("ix_roles_role"), "roles", ["role"], unique=False)
    op.create_table(
        "confirmations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("actor", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("payload", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column(
            "expires_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("status", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_confirmations")),
    )
    op.create_index(op.f("ix_confirmations_actor_status"), "confirmations", ["actor", "status"], unique=False)
    op.create_table(
        "rule_sets",
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("author", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column(
            "created_at",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="microseconds since 1970-01-01T00:00Z",
        ),
        sa.Column("content", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_rule_sets")),
        sa.UniqueConstraint("digest", name=op.f("uq_rule_sets_digest")),
    )
    op.create_table(
        "activations",
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_activations")),
    )
    op.create_table(
        "deployment",
        sa.Column("key", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_deployment")),
    )
    op.create_table(
        "consents",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("member", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("purpose", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column("granted", sa.Boolean(), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("notice_version", sa.Text(), nullable=True),
        sa.Column("source", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consents")),
        sa.UniqueConstraint("source", "purpose", name=op.f("uq_consents_source_purpose")),
    )
    op.create_index(op.f("ix_consents_member_purpose_at"), "consents", ["member", "purpose", "at"], unique=False)
    op.create_table(
        "forgotten",
        sa.Column("keyed_hash", sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False),
        sa.Column(
            "at", sa.BigInteger(), autoincrement=False, nullable=False, comment="microseconds since 1970-01-01T00:00Z"
        ),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("keyed_hash", name=op.f("pk_forgotten")),
    )


def downgrade() -> None:
    op.drop_table("forgotten")
    op.drop_table("consents")
    op.drop_table("deployment")
    op.drop_table("activations")
    op.drop_table("rule_sets")
    op.drop_table("confirmations")
    op.drop_table("roles")
    op.drop_table("audit")
