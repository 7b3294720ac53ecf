"""Keep the score of suspicious texts, whose verdict depends on what stands around them; index them and the joins."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

_SUSPECT = sa.text("score IS NOT NULL")
_JOIN = sa.text("type = 'join'")


def upgrade() -> None:
    op.add_column("events", sa.Column("score", sa.Float(precision=53), nullable=True))
    op.create_index("ix_events_suspect", "events", ["at"], sqlite_where=_SUSPECT, postgresql_where=_SUSPECT)
    op.create_index("ix_events_join", "events", ["at"], sqlite_where=_JOIN, postgresql_where=_JOIN)


def downgrade() -> None:
    op.drop_index("ix_events_join", table_name="events")
    op.drop_index("ix_events_suspect", table_name="events")
    op.drop_column("events", "score")
