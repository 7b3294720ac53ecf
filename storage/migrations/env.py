"""Alembic's entry: runs the wanted revisions on the connection it is handed, in that connection's transaction."""

from __future__ import annotations

from alembic import context

from storage.models import METADATA

context.configure(connection=context.config.attributes["connection"], target_metadata=METADATA)
context.run_migrations()
