"""The schema: migrations make what the models say, on both databases, and refuse what they do not know."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import inspect

from bot.core.hearings import Hearing
from bot.core.seats import Seat
from bot.errors import BadInput, Refused
from storage import rows, schema, talk_rows
from storage.account_rows import AccountRow, FriendshipRow
from storage.database import Database
from storage.engines import parse_url
from storage.models import METADATA
from storage.refusals import DatabaseTooNew, DatabaseUnusable
from storage.unit_of_work import UnitOfWork


def test_migrations_make_exactly_the_models(database: Database) -> None:
    def differences(uow: UnitOfWork) -> list[object]:
        return compare_metadata(MigrationContext.configure(uow.connection), METADATA)

    def tables(uow: UnitOfWork) -> set[str]:
        return set(inspect(uow.connection).get_table_names())

    assert database.read(differences) == []
    assert database.read(tables) == {*METADATA.tables, "alembic_version"}


def test_head_is_the_last_revision() -> None:
    configuration = Config()
    configuration.set_main_option("script_location", "storage:migrations")
    assert ScriptDirectory.from_config(configuration).get_heads() == [schema.HEAD]


def test_migrating_an_empty_database_and_again(empty_url: str) -> None:
    database = Database(empty_url)
    for _ in range(2):
        database.migrate()
        assert database.read(lambda uow: schema.revision_of(uow.connection)) == schema.HEAD
    database.write_sync(lambda uow: uow.deployment.put("mode", "auto"))
    assert database.size() > 0
    database.close()


def test_newer_database_is_refused_and_left_alone(empty_url: str) -> None:
    database = Database(empty_url)
    database.migrate()
    newer = "UPDATE alembic_version SET version_num = '9999'"
    database.write_sync(lambda uow: uow.connection.exec_driver_sql(newer) and None)
    with pytest.raises(DatabaseTooNew, match="更新的版本"):
        database.migrate()
    assert database.read(lambda uow: schema.revision_of(uow.connection)) == "9999"
    database.close()


def test_another_programs_database_is_refused(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / "other.db") as other:
        other.execute("CREATE TABLE songs (title TEXT)")
    other.close()
    database = Database(f"sqlite:///{tmp_path / 'other.db'}")
    with pytest.raises(DatabaseUnusable, match="别的程序"):
        database.migrate()
    database.close()


@pytest.mark.parametrize("url", ["", "nonsense", "mysql://x/y", "sqlite://", "sqlite:///:memory:"])
def test_unusable_addresses_are_refused(url: str) -> None:
    with pytest.raises(BadInput):
        parse_url(url)


def test_plain_postgresql_addresses_are_taken() -> None:
    assert parse_url("postgresql://u@h/d").drivername == "postgresql+psycopg"


def test_unreachable_server_is_refused_in_one_line() -> None:
    database = Database("postgresql://postgres@127.0.0.1:1/none")
    with pytest.raises(Refused, match="连接不上") as refused:
        database.migrate()
    assert "\n" not in str(refused.value)
    database.close()


@pytest.mark.parametrize(
    ("table", "row"),
    [
        ("events", rows.EventRow),
        ("events", talk_rows.ContextRow),
        ("events", talk_rows.JoinRow),
        ("held_facts", rows.HeldFactRow),
        ("rollups", rows.RollupRow),
        ("members", rows.MemberRow),
        ("groups", rows.GroupRow),
        ("memberships", rows.MembershipRow),
        ("conversations", rows.ConversationRow),
        ("tags", rows.TagRow),
        ("tag_changes", rows.TagChangeRow),
        ("stage_changes", rows.StageChangeRow),
        ("flags", rows.FlagRow),
        ("sweeps", rows.SweepRow),
        ("outbox", rows.OutboxRow),
        ("audit", rows.AuditRow),
        ("roles", rows.RoleRow),
        ("confirmations", rows.ConfirmationRow),
        ("rule_sets", rows.RuleSetRow),
        ("activations", rows.ActivationRow),
        ("consents", rows.ConsentRow),
        ("accounts", AccountRow),
        ("friendships", FriendshipRow),
        ("seats", Seat),
        ("hearings", Hearing),
    ],
)
def test_rows_speak_of_columns_that_exist(table: str, row: type[tuple[object, ...]]) -> None:
    """And of every column, except numbers the database gives and those a view leaves out on purpose."""
    columns = set(METADATA.tables[table].columns.keys())
    missing = columns - set(row._fields)
    assert set(row._fields) <= columns
    assert row in (talk_rows.ContextRow, talk_rows.JoinRow) or missing <= {"id", "seq"}
