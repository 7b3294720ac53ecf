"""Index the labels that people gave, which every fold asks for; create votes on verdicts, decisions, lessons."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0013"
branch_labels = None
depends_on = None

_LABEL = sa.text("type = 'label'")


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str, *, nullable: bool = False) -> sa.Column[Any]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=nullable, comment=comment)


def upgrade() -> None:
    op.create_table(
        "votes",
        _ident("message"),
        _ident("actor"),
        _ident("member"),
        _moment("at"),
        sa.Column("correct", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("message", "actor", name=op.f("pk_votes")),
    )
    op.create_index(op.f("ix_votes_actor_at"), "votes", ["actor", "at"])
    op.create_index(op.f("ix_votes_member"), "votes", ["member"])
    op.create_table(
        "decisions",
        _ident("message"),
        _ident("member"),
        _ident("verdict"),
        sa.Column("correct", sa.Boolean(), nullable=False),
        _moment("at"),
        sa.PrimaryKeyConstraint("message", name=op.f("pk_decisions")),
    )
    op.create_index(op.f("ix_decisions_member"), "decisions", ["member"])
    op.create_table(
        "lessons",
        sa.Column("number", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        _moment("since"),
        _moment("at"),
        sa.Column("samples", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("weights", sa.LargeBinary(), nullable=False),
        sa.Column("f1", sa.Float(precision=53), nullable=False),
        sa.Column("false_alarms", sa.BigInteger(), autoincrement=False, nullable=False),
        _moment("voided_at", nullable=True),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_lessons")),
    )
    op.create_index("ix_events_label", "events", ["at"], sqlite_where=_LABEL, postgresql_where=_LABEL)


def downgrade() -> None:
    op.drop_table("lessons")
    op.drop_table("decisions")
    op.drop_table("votes")
    op.drop_index("ix_events_label", table_name="events")
