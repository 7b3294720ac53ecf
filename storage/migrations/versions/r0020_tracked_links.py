"""Create the tables of tracked links."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"
branch_labels = None
depends_on = None


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str) -> sa.Column[int]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, comment=comment)


def _whole(name: str, *, nullable: bool) -> sa.Column[int]:
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "tracked_links",
        _ident("code"),
        sa.Column("target", sa.Text(), nullable=False),
        sa.Column("topic", sa.Text(), nullable=True),
        sa.Column("form", sa.Text(), nullable=True),
        _whole("price", nullable=True),
        _ident("created_by"),
        _moment("created_at"),
        _whole("clicks", nullable=False),
        _whole("opened", nullable=False),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_tracked_links")),
    )
    op.create_index(op.f("ix_tracked_links_created_at"), "tracked_links", ["created_at"])
    op.create_table(
        "personal_links",
        _ident("code"),
        _ident("link"),
        _ident("member"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("code", name=op.f("pk_personal_links")),
    )
    op.create_index(op.f("ix_personal_links_member"), "personal_links", ["member"])
    op.create_index(op.f("ix_personal_links_made_at"), "personal_links", ["made_at"])


def downgrade() -> None:
    op.drop_table("personal_links")
    op.drop_table("tracked_links")
