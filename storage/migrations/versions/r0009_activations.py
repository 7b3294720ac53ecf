"""Let several activations fall on one instant, with a note, and be rolled back."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=comment)


def upgrade() -> None:
    """Whoever was folded across a change of rules is folded again: such a change is an evaluation now."""
    connection = op.get_bind()
    kept = connection.execute(sa.text("SELECT at, number, actor FROM activations ORDER BY at")).all()
    op.drop_table("activations")
    new = op.create_table(
        "activations",
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _moment("at"),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        _moment("recorded_at"),
        _moment("voided_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activations")),
    )
    rows = [{"at": at, "number": number, "actor": actor, "note": "", "recorded_at": at} for at, number, actor in kept]
    if rows:
        op.bulk_insert(new, rows)
    connection.execute(sa.text("UPDATE rollups SET dirty_from = 0"))


def downgrade() -> None:
    op.drop_table("activations")
    op.create_table(
        "activations",
        _moment("at"),
        sa.Column("number", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("actor", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("at", name=op.f("pk_activations")),
    )
