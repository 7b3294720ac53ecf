"""Create the table of bound accounts, filled with the `bind` events in the log."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None

KEPT_OF_A_MEMBER = ("outbox", "tags", "tag_changes", "stage_changes", "flags", "samples", "rollups", "memberships")
SHADOWS = (
    "SELECT member FROM members WHERE name = '' AND NOT is_friend "
    "AND EXISTS (SELECT 1 FROM bindings WHERE bindings.account = members.member) "
    "AND NOT EXISTS (SELECT 1 FROM backups WHERE backups.backup = members.member) "
    "AND NOT EXISTS (SELECT 1 FROM events WHERE events.member = members.member "
    "AND events.type NOT IN ('order', 'refund', 'promotion'))"
)
"""Accounts that stood in the list of members because orders named them."""


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def upgrade() -> None:
    """Where something was bound everybody is folded again, and accounts are members no longer."""
    comment = "microseconds since 1970-01-01T00:00Z"
    table = op.create_table(
        "bindings",
        _ident("event"),
        _ident("account"),
        _ident("member"),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False, comment=comment),
        sa.PrimaryKeyConstraint("event", "account", name=op.f("pk_bindings")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_bindings_account_at"), "bindings", ["account", "at"], unique=False)
    op.create_index(op.f("ix_bindings_member"), "bindings", ["member"], unique=False)
    connection = op.get_bind()
    bound = connection.execute(sa.text("SELECT id, member, at, body FROM events WHERE type = 'bind'")).all()
    rows = [row for one in bound for row in _rows(*one)]
    if rows:
        op.bulk_insert(table, rows)
        _dissolve(connection)
        connection.execute(sa.text("UPDATE rollups SET dirty_from = 0"))


def _rows(event: str, member: str, at: int, body: str) -> list[dict[str, object]]:
    told = json.loads(body)
    accounts = {told["external_id"], f"{told['system']}:{told['external_id']}"}
    return [{"event": event, "account": account, "member": member, "at": at} for account in sorted(accounts)]


def _dissolve(connection: sa.Connection) -> None:
    shadows = list(connection.scalars(sa.text(SHADOWS)))
    for table in (*KEPT_OF_A_MEMBER, "members"):
        for shadow in shadows:
            connection.execute(sa.text(f"DELETE FROM {table} WHERE member = :member"), {"member": shadow})


def downgrade() -> None:
    op.drop_table("bindings")
