"""Group commit: a durable answer for each unit, a failing unit undone alone, a writer that survives."""

from __future__ import annotations

import asyncio
import threading

import pytest
from sqlalchemy.exc import IntegrityError

from bot.errors import Refused
from storage.database import Database
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork


def event(id_: str) -> EventRow:
    return EventRow(id_, "checkin", 1, "m", None, "{}")


class Gate:
    """A unit that holds the writer until it is opened, so that the units behind it share one commit."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def __call__(self, uow: UnitOfWork) -> None:
        self.entered.set()
        assert self.opened.wait(30)


async def behind_a_gate(database: Database, units: list) -> list:
    """Run the units as one group; results or exceptions in order."""
    gate = Gate()
    first = asyncio.ensure_future(database.write(gate))
    await asyncio.to_thread(gate.entered.wait, 30)
    waiting = [asyncio.ensure_future(database.write(unit)) for unit in units]
    await asyncio.sleep(0)
    assert database.queue_depth() == len(units)
    gate.opened.set()
    await first
    return await asyncio.gather(*waiting, return_exceptions=True)


async def test_failing_units_undo_themselves_alone(database: Database) -> None:
    def fails(uow: UnitOfWork) -> None:
        uow.events.add([event("bad")])
        raise ValueError("mine")

    def repeats(uow: UnitOfWork) -> None:
        uow.events.add([event("e1")])

    units = [lambda uow: uow.events.add([event("e1")]), fails, repeats, lambda uow: uow.events.add([event("e2")])]
    first, second, third, fourth = await behind_a_gate(database, units)

    assert (first, fourth) == (None, None)
    assert isinstance(second, ValueError)
    assert isinstance(third, IntegrityError)
    assert database.read(lambda uow: uow.events.known(["e1", "e2", "bad"])) == {"e1", "e2"}


async def test_single_failing_unit_leaves_nothing_and_writer_goes_on(database: Database) -> None:
    def fails(uow: UnitOfWork) -> None:
        uow.events.add([event("bad")])
        raise SystemExit

    with pytest.raises(SystemExit):
        await database.write(fails)
    assert await database.write(lambda uow: uow.events.count()) == 0


async def test_group_shares_one_transaction(sqlite_database: Database) -> None:
    begun = []
    from sqlalchemy import event as hooks

    hooks.listen(sqlite_database._writing, "begin", begun.append)
    await behind_a_gate(sqlite_database, [lambda uow, n=n: uow.events.add([event(str(n))]) for n in range(50)])
    assert len(begun) == 2  # the gate's and the group's
    assert sqlite_database.read(lambda uow: uow.events.count()) == 50


def test_a_stamp_changes_whoever_writes_and_is_none_where_that_cannot_be_seen(database_url: str) -> None:
    ours, theirs = Database(database_url), Database(database_url)
    stamps = [ours.stamp(), ours.stamp()]
    for writer, id_ in ((ours, "e1"), (theirs, "e2")):
        writer.write_sync(lambda uow, id_=id_: uow.events.add([event(id_)]))
        ours.read(lambda uow: uow.events.count())
        stamps.append(ours.stamp())
    ours.close()
    theirs.close()
    assert len(set(stamps)) == (1 if stamps[0] is None else 3)


async def test_failing_commit_fails_every_unit(sqlite_database: Database) -> None:
    """A deferred foreign key makes the commit itself fail."""

    def orphan(uow: UnitOfWork) -> str:
        uow.connection.exec_driver_sql("INSERT INTO child VALUES (1)")
        return "answered"

    sqlite_database.write_sync(
        lambda uow: (
            uow.connection.exec_driver_sql(
                "CREATE TABLE child (parent INTEGER REFERENCES rule_sets(number) DEFERRABLE INITIALLY DEFERRED)"
            )
            and None
        )
    )
    outcome = await behind_a_gate(sqlite_database, [lambda uow: uow.events.add([event("e1")]), orphan])
    assert [type(error) for error in outcome] == [IntegrityError, IntegrityError]
    assert sqlite_database.read(lambda uow: uow.events.count()) == 0
    assert await sqlite_database.write(lambda uow: "still here") == "still here"


async def test_unit_whose_caller_has_gone_still_completes(database: Database) -> None:
    gate = Gate()
    first = asyncio.ensure_future(database.write(gate))
    await asyncio.to_thread(gate.entered.wait, 30)
    gone = asyncio.ensure_future(database.write(lambda uow: uow.events.add([event("e1")])))
    await asyncio.sleep(0)
    gone.cancel()
    gate.opened.set()
    await first
    with pytest.raises(asyncio.CancelledError):
        await gone
    assert await database.write(lambda uow: uow.events.count()) == 1


def test_close_completes_what_waits_and_then_refuses(database: Database) -> None:
    waiting = [database._writer.submit(lambda uow, n=n: uow.events.add([event(str(n))])) for n in range(20)]
    database.close()
    assert [future.result(0) for future in waiting] == [None] * 20
    with pytest.raises(Refused):
        database.write_sync(lambda uow: None)


def test_unit_cannot_wait_for_another(database: Database) -> None:
    with pytest.raises(RuntimeError):
        database.write_sync(lambda uow: database.write_sync(lambda inner: None))


def test_reader_cannot_write(database: Database) -> None:
    with pytest.raises(Refused, match="只读"):
        database.read(lambda uow: uow.events.add([event("e1")]))


def test_reader_sees_one_snapshot(database: Database) -> None:
    def query(uow: UnitOfWork) -> tuple[int, int]:
        before = uow.events.count()
        database.write_sync(lambda inner: inner.events.add([event("e1")]))
        return before, uow.events.count()

    assert database.read(query) == (0, 0)
    assert database.read(lambda uow: uow.events.count()) == 1
