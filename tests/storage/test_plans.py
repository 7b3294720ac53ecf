"""How the databases go about the questions that must not look at every row: on both databases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlalchemy import Connection, event

from storage.database import Database
from storage.rows import EventRow, MemberRow, RollupRow, TagRow
from storage.unit_of_work import UnitOfWork

TOPIC = "内容偏好/题材"


def plan_of(database: Database, ask: Callable[[UnitOfWork], object]) -> str:
    """The plan of the first statement that `ask` runs."""

    def explain(uow: UnitOfWork) -> str:
        asked: list[tuple[str, Any]] = []

        def note(connection: Connection, cursor: object, statement: str, values: Any, *rest: object) -> None:
            asked.append((statement, values))

        event.listen(uow.connection, "before_cursor_execute", note)
        ask(uow)
        statement, values = asked[0]
        sqlite = uow.connection.dialect.name == "sqlite"
        if not sqlite:  # so few rows are read faster whole; whether the index can serve is asked
            uow.connection.exec_driver_sql("SET LOCAL enable_seqscan = off")
        rows = uow.connection.exec_driver_sql(f"EXPLAIN {'QUERY PLAN' if sqlite else ''} {statement}", values)
        return "\n".join(str(row[-1]) for row in rows)

    return database.write_sync(explain)


def furnish(database: Database) -> None:
    """Two thousand members, one in a hundred of whom likes to travel."""
    names = [f"m{number:04}" for number in range(2000)]
    tags = [
        TagRow(name, TOPIC, "旅游" if name.endswith("00") else "美食", 1.0, "rule", 5, None, {}, "topics", 1)
        for name in names
    ]
    database.write_sync(lambda uow: uow.members.save([MemberRow(name) for name in names]))
    database.write_sync(lambda uow: uow.tags.apply(tags, ()))
    said = [EventRow(f"{name}-{at}", "view", at, name, None, "{}") for name in names for at in (4, 5, 6)]
    database.write_sync(lambda uow: uow.events.add(said))
    database.write_sync(lambda uow: uow.connection.exec_driver_sql("ANALYZE"))


def test_members_with_a_tag_are_found_by_its_index(database: Database) -> None:
    furnish(database)
    found = database.read(lambda uow: uow.members.page("m0500", 3, path=TOPIC, value="旅游"))
    assert [row.member for row in found] == ["m0600", "m0700", "m0800"]
    plan = plan_of(database, lambda uow: uow.members.page(None, 500, path=TOPIC, value="旅游"))
    assert "ix_tags_path_value" in plan
    assert "SCAN members" not in plan and "Seq Scan" not in plan


def test_events_since_are_found_by_member_and_time(database: Database) -> None:
    furnish(database)
    plan = plan_of(database, lambda uow: list(uow.events.since({"m0001": (3, 9), "m0002": (0, 7)})))
    assert "ix_events_member_at" in plan


def test_joins_and_suspicious_messages_are_found_by_their_own_indexes(database: Database) -> None:
    furnish(database)
    rows = [EventRow("j", "join", 5, "m0001", "g", "{}"), EventRow("s", "message", 6, "m0001", "g", "{}", score=0.2)]
    database.write_sync(lambda uow: uow.events.add(rows))
    assert [row.id for row in database.read(lambda uow: uow.events.joins_between(4, 5))] == ["j"]
    assert [row.id for row in database.read(lambda uow: uow.events.suspects_between(5, 6))] == ["s"]
    assert "ix_events_join" in plan_of(database, lambda uow: uow.events.joins_between(4, 6))
    assert "ix_events_suspect" in plan_of(database, lambda uow: uow.events.suspects_between(4, 6))


def test_who_is_awake_is_found_without_reading_facts(database: Database) -> None:
    furnish(database)
    asleep = [RollupRow(f"m{number:04}", 1, None, b"facts", 0, 1000) for number in range(2000)]
    database.write_sync(lambda uow: uow.rollups.save(asleep))
    plan = plan_of(database, lambda uow: uow.rollups.awake(5))
    merged = "Merge Anti Join" in plan  # PostgreSQL keeps large facts apart: both keys are read in step
    assert "COVERING INDEX ix_rollups_member_wakes_at" in plan or merged
