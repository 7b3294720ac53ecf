"""Brings a database to the schema of this program, and refuses one that is newer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect

from storage.refusals import DatabaseTooNew, DatabaseUnusable

if TYPE_CHECKING:
    from alembic.config import Config

HEAD = "0023"
"""The revision this program is written for: the last file in storage/migrations/versions."""


def upgrade(connection: Connection) -> None:
    """Run what is missing, in the open transaction. Raises DatabaseTooNew, DatabaseUnusable (another program's)."""
    found = revision_of(connection)
    # Alembic takes a third of a second to load; a database that is up to date does without.
    if found == HEAD:
        return
    if found is None and inspect(connection).get_table_names():
        raise DatabaseUnusable("这个数据库属于别的程序：里面有不认识的表")
    _run(connection, found)


def revision_of(connection: Connection) -> str | None:
    """The revision written in a database, None when it has none."""
    if not inspect(connection).has_table("alembic_version"):
        return None
    version: str | None = connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar()
    return version


def check_known(revision: str | None) -> None:
    """Raises DatabaseTooNew for a revision that this program has never heard of."""
    from alembic.script import ScriptDirectory

    known = {script.revision for script in ScriptDirectory.from_config(_configuration()).walk_revisions()}
    if revision is not None and revision not in known:
        raise DatabaseTooNew("数据库由更新的版本写成，请先升级程序再打开")


def _run(connection: Connection, found: str | None) -> None:
    from alembic import command

    check_known(found)
    configuration = _configuration()
    configuration.attributes["connection"] = connection
    command.upgrade(configuration, "head")


def _configuration() -> Config:
    from alembic.config import Config

    configuration = Config()
    configuration.set_main_option("script_location", "storage:migrations")
    return configuration
