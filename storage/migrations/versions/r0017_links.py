"""Create the tables of contact ids that changed."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None

_LINK = sa.text("type IN ('merge', 'split')")


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str) -> sa.Column[int]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, comment=comment)


def _text(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=nullable)


def upgrade() -> None:
    op.create_index("ix_events_link", "events", ["at"], sqlite_where=_LINK, postgresql_where=_LINK)
    op.create_table(
        "links",
        _ident("old"),
        _ident("member"),
        _moment("since"),
        _text("name"),
        _text("minor", nullable=True),
        sa.Column("lent", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("old", name=op.f("pk_links")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_links_member"), "links", ["member"])
    op.create_table(
        "contacts",
        _ident("member"),
        _text("names"),
        _text("alias"),
        _text("avatar"),
        sa.Column("friend", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("member", name=op.f("pk_contacts")),
    )
    op.create_table(
        "roster_changes",
        _ident("group_id"),
        _ident("member"),
        sa.Column("gone", sa.Boolean(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("group_id", "member", name=op.f("pk_roster_changes")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_roster_changes_at"), "roster_changes", ["at"])
    op.create_index(op.f("ix_roster_changes_member"), "roster_changes", ["member"])
    _create_proposals()


def _create_proposals() -> None:
    op.create_table(
        "proposals",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _ident("old"),
        _ident("new"),
        sa.Column("points", sa.BigInteger(), autoincrement=False, nullable=False),
        _text("grounds"),
        _moment("since"),
        _moment("found_at"),
        _ident("status"),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_proposals")),
        sa.UniqueConstraint("old", "new", name=op.f("uq_proposals_old_new")),
    )
    op.create_index(op.f("ix_proposals_status"), "proposals", ["status"])
    op.create_index(op.f("ix_proposals_new"), "proposals", ["new"])


def downgrade() -> None:
    for table in ("proposals", "roster_changes", "contacts", "links"):
        op.drop_table(table)
    op.drop_index("ix_events_link", "events")
