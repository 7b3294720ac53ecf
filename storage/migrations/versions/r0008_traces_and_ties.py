"""Create the ties between members; let no coordinates, addresses and User-Agents stand in the log."""

from __future__ import annotations

import json

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_RAW = sa.text("type IN ('device', 'in_city')")


def _ident(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(collation="C").with_variant(sa.Text(), "sqlite"), nullable=False)


def _moment(name: str) -> sa.Column[int]:
    comment = "microseconds since 1970-01-01T00:00Z"
    return sa.Column(name, sa.BigInteger(), autoincrement=False, nullable=False, comment=comment)


def upgrade() -> None:
    op.create_table(
        "ties",
        _ident("event"),
        _ident("kind"),
        _ident("member"),
        _ident("other"),
        _moment("at"),
        sa.PrimaryKeyConstraint("event", "kind", "member", "other", name=op.f("pk_ties")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_ties_member_at"), "ties", ["member", "at"], unique=False)
    op.create_index(op.f("ix_ties_other"), "ties", ["other"], unique=False)
    op.create_table(
        "awaited_replies",
        _ident("event"),
        _ident("message"),
        _ident("member"),
        _moment("at"),
        sa.PrimaryKeyConstraint("event", name=op.f("pk_awaited_replies")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_awaited_replies_message"), "awaited_replies", ["message"], unique=False)
    op.create_index(op.f("ix_awaited_replies_member"), "awaited_replies", ["member"], unique=False)
    op.create_index("ix_events_raw", "events", ["at"], sqlite_where=_RAW, postgresql_where=_RAW)
    _add_ties_to_samples()
    _drop_raw()


def _add_ties_to_samples() -> None:
    ties = sa.Column("ties", sa.BigInteger(), autoincrement=False, nullable=False, server_default="-1")
    op.add_column("samples", ties)
    with op.batch_alter_table("samples", table_kwargs={"sqlite_with_rowid": False}) as samples:
        samples.alter_column("ties", server_default=None)


def _drop_raw() -> None:
    """Earlier versions kept these parts of events without reading them."""
    op.execute("UPDATE events SET body = '{}' WHERE type IN ('location', 'checkin')")
    connection = op.get_bind()
    rows = connection.execute(sa.text("SELECT seq, body FROM events WHERE type = 'click'")).all()
    for seq, body in rows:
        told = json.loads(body)
        kept = {key: value for key, value in told.items() if key not in ("ip", "user_agent")}
        if kept != told:
            text = json.dumps(kept, ensure_ascii=False, separators=(",", ":"))
            connection.execute(sa.text("UPDATE events SET body = :body WHERE seq = :seq"), {"body": text, "seq": seq})


def downgrade() -> None:
    op.drop_column("samples", "ties")
    op.drop_index("ix_events_raw", table_name="events")
    op.drop_table("awaited_replies")
    op.drop_table("ties")
