"""Create the deployment's dictionary and the readings that events refer to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def _ident(name: str, *, nullable: bool = False) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=nullable)


def _moment(name: str) -> sa.Column[int]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, comment=comment)


def upgrade() -> None:
    op.create_table(
        "dictionary",
        _ident("word"),
        sa.Column("whole", sa.Boolean(), nullable=False),
        _moment("at"),
        _ident("actor"),
        sa.PrimaryKeyConstraint("word", name=op.f("pk_dictionary")),
    )
    op.create_table(
        "readings",
        _ident("id"),
        sa.Column("engine", sa.Text(), nullable=False),
        sa.Column("dictionary", sa.Text(), nullable=False),
        _moment("first_at"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_readings")),
        sa.UniqueConstraint("engine", "dictionary", name=op.f("uq_readings_engine_dictionary")),
    )
    op.add_column("events", _ident("reading", nullable=True))


def downgrade() -> None:
    op.drop_column("events", "reading")
    op.drop_table("readings")
    op.drop_table("dictionary")
