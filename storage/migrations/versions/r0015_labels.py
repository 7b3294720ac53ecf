"""Index the labels that people gave to messages and links: every fold asks for them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

_LABEL = sa.text("type = 'label'")


def upgrade() -> None:
    op.create_index("ix_events_label", "events", ["at"], sqlite_where=_LABEL, postgresql_where=_LABEL)


def downgrade() -> None:
    op.drop_index("ix_events_label", table_name="events")
