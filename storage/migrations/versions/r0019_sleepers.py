"""Keep with each roll-up when something may next change; facts are folded anew from the log, in their shorter form."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

_COMMENT = "microseconds since 1970-01-01T00:00Z"


def upgrade() -> None:
    moment = sa.Column("wakes_at", sa.BigInteger(), nullable=False, server_default="0", comment=_COMMENT)
    op.add_column("rollups", moment)
    # A batch of its own: on SQLite it copies the table, and the rows must have the column by then.
    with op.batch_alter_table("rollups") as rollups:
        rollups.alter_column("wakes_at", server_default=None)
    op.create_index(op.f("ix_rollups_member_wakes_at"), "rollups", ["member", "wakes_at"])
    _forget_facts()


def downgrade() -> None:
    op.drop_index(op.f("ix_rollups_member_wakes_at"), table_name="rollups")
    with op.batch_alter_table("rollups") as rollups:
        rollups.drop_column("wakes_at")
    _forget_facts()


def _forget_facts() -> None:
    """Who has none is folded from the start when next looked at; the log alone rebuilds everything."""
    rollups = sa.table("rollups", sa.column("facts", sa.LargeBinary()))
    op.execute(rollups.update().values(facts=b""))
