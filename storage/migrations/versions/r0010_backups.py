"""Create the table of admins' backups, filled with the appointments in the log."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def upgrade() -> None:
    """Everybody is folded again: what is kept of a member now has a place for whom he backs up."""
    comment = "microseconds since 1970-01-01T00:00Z"
    table = op.create_table(
        "backups",
        _ident("event"),
        _ident("member"),
        _ident("backup"),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False, comment=comment),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_backups")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_backups_member"), "backups", ["member"], unique=False)
    op.create_index(op.f("ix_backups_backup"), "backups", ["backup"], unique=False)
    connection = op.get_bind()
    granted = connection.execute(sa.text("SELECT id, member, at, body FROM events WHERE type = 'grant'")).all()
    rows = [row for row in (_row(*one) for one in granted) if row is not None]
    if rows:
        op.bulk_insert(table, rows)
    connection.execute(sa.text("UPDATE rollups SET dirty_from = 0"))


def _row(event: str, member: str, at: int, body: str) -> dict[str, object] | None:
    told = json.loads(body)
    backup = told.get("backup")
    if told.get("role") != "管理员" or not isinstance(backup, str) or backup == member:
        return None
    return {"event": event, "member": member, "backup": backup, "at": at}


def downgrade() -> None:
    op.drop_table("backups")
