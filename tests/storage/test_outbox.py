"""The outbox and the ledger of jobs: one winner, nothing said twice, caps counted from the table."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

from storage.database import Database
from storage.rows import OutboxRow


def planned(
    key: str, *, member: str | None = "m", kind: str = "recall", not_before: int = 10, **more: object
) -> OutboxRow:
    return OutboxRow(key, kind, "direct", member or "g", f"话 {key}", 1, not_before, member=member, **more)


def plan(database: Database, *rows: OutboxRow) -> dict[str, int]:
    return database.write_sync(lambda uow: uow.outbox.add(rows))


def send(database: Database, id_: int, now: int, status: str = "sent") -> None:
    assert database.write_sync(lambda uow: uow.outbox.claim(id_, now))
    database.write_sync(lambda uow: uow.outbox.settle(id_, status, "", "wx-1", now=now))


def test_row_comes_back_whole_and_a_known_key_is_left_alone(database: Database) -> None:
    row = planned(
        "a",
        group_id="g",
        mentions=["m"],
        cause={"stage": "衰退期"},
        reply=True,
        expires_at=99,
        batch="b1",
        account="bot",
    )
    ids = plan(database, row, planned("b"))
    assert set(ids) == {"a", "b"}
    assert plan(database, row._replace(text="别的"), planned("c")).keys() == {"c"}
    assert database.read(lambda uow: uow.outbox.by_key("a")) == row._replace(id=ids["a"])
    assert database.read(lambda uow: uow.outbox.get(ids["a"])) == row._replace(id=ids["a"])
    assert database.read(lambda uow: uow.outbox.known(["a", "x"])) == {"a"}


def test_claimable_are_due_and_alive_the_longest_due_first(database: Database) -> None:
    plan(database, planned("later", not_before=30), planned("b", not_before=20), planned("a", not_before=10))
    plan(database, planned("dead", expires_at=20), planned("held", status="withheld"))
    assert database.read(lambda uow: uow.outbox.next_due()) == 10
    assert [row.dedupe_key for row in database.read(lambda uow: uow.outbox.claimable(20))] == ["a", "b"]
    assert [row.dedupe_key for row in database.read(lambda uow: uow.outbox.claimable(20, 1))] == ["a"]
    assert database.write_sync(lambda uow: uow.outbox.expire(20)) == 1
    assert [row.dedupe_key for row in database.read(lambda uow: uow.outbox.page(status="expired"))] == ["dead"]


def test_one_of_several_processes_wins_a_claim(database_url: str) -> None:
    processes = [Database(database_url) for _ in range(4)]
    ids = list(plan(processes[0], *(planned(str(n)) for n in range(10))).values())

    def claims(process: Database) -> int:
        return sum(process.write_sync(lambda uow, id_=id_: uow.outbox.claim(id_, 5)) for id_ in ids)

    with ThreadPoolExecutor(4) as pool:
        won = list(pool.map(claims, processes))
    for process in processes:
        process.close()
    assert sum(won) == 10


def test_crash_leaves_unknown_which_is_never_claimed_again(database: Database) -> None:
    ids = plan(database, planned("a", account="bot"), planned("b", account="other"), planned("c", member="n"))
    for key in ("a", "b"):
        assert database.write_sync(lambda uow, key=key: uow.outbox.claim(ids[key], 11))
    assert database.write_sync(lambda uow: uow.outbox.recover(50, "bot")) == 1
    row = database.read(lambda uow: uow.outbox.get(ids["a"]))
    assert row is not None
    assert (row.status, row.claimed_at, row.settled_at) == ("unknown", 11, 50)
    assert not database.write_sync(lambda uow: uow.outbox.claim(ids["a"], 60))
    assert [row.dedupe_key for row in database.read(lambda uow: uow.outbox.claimable(99))] == ["c"]
    assert database.write_sync(lambda uow: uow.outbox.recover(50)) == 1


def test_caps_count_what_went_out_or_may_have(database: Database) -> None:
    ids = plan(database, *(planned(key) for key in "abcd"), planned("reply", kind="reply", reply=True, account="bot"))
    for key, now, status in (("a", 20, "sent"), ("b", 30, "unknown"), ("c", 30, "failed"), ("reply", 40, "sent")):
        send(database, ids[key], now, status)
    database.write_sync(lambda uow: uow.outbox.claim(ids["d"], 35))

    def count(since: int, **by: object) -> int:
        return database.read(lambda uow: uow.outbox.sent_since(since, **by))

    assert (count(0), count(20), count(40)) == (4, 3, 0)
    assert count(0, kinds=["recall"], member="m") == 3
    assert (count(0, reply=False), count(0, reply=True), count(0, account="bot")) == (3, 1, 1)
    assert (count(0, to=("direct", "m")), count(0, to=("group", "m")), count(0, member="x")) == (4, 0, 0)


def test_delivery_told_from_outside_counts_from_then(database: Database) -> None:
    ids = plan(database, planned("a"))
    database.write_sync(lambda uow: uow.outbox.settle(ids["a"], "sent", now=44))
    assert database.read(lambda uow: (uow.outbox.sent_since(43), uow.outbox.sent_since(44))) == (1, 0)


def test_postponed_messages_wait_again(database: Database) -> None:
    ids = plan(database, planned("a"), planned("b"))
    send(database, ids["b"], 11)
    database.write_sync(lambda uow: uow.outbox.claim(ids["a"], 11))
    for id_ in ids.values():
        database.write_sync(lambda uow, id_=id_: uow.outbox.postpone(id_, 70, "安静时段"))
    assert [(row.dedupe_key, row.reason) for row in database.read(lambda uow: uow.outbox.claimable(70))] == [
        ("a", "安静时段")
    ]
    assert database.read(lambda uow: uow.outbox.sent_since(0)) == 1


def test_confirming_and_cancelling(database: Database) -> None:
    plan(database, planned("a", status="awaiting", batch="b1"), planned("b", status="awaiting", batch="b2"))
    plan(database, planned("c", kind="gift"), planned("d", member="n"))
    assert database.write_sync(lambda uow: uow.outbox.release("b1", 40)) == 1
    cancelled = database.write_sync(lambda uow: uow.outbox.cancel(now=50, reason="退订", member="m", kinds=["recall"]))
    assert cancelled == 2
    assert [(row.dedupe_key, row.status) for row in database.read(lambda uow: uow.outbox.page())] == [
        ("a", "cancelled"), ("b", "cancelled"), ("c", "queued"), ("d", "queued"),
    ]  # fmt: skip
    assert database.write_sync(lambda uow: uow.outbox.cancel(now=50, reason="撤下", batch="b2")) == 0
    pages = database.read(lambda uow: [uow.outbox.page(after_id=2, limit=1), uow.outbox.page(member="n")])
    assert [row.dedupe_key for page in pages for row in page] == ["c", "d"]
    assert database.write_sync(lambda uow: uow.outbox.delete("m")) == 3


def test_job_runs_once_among_all_processes(database_url: str) -> None:
    processes = [Database(database_url) for _ in range(4)]

    def starts(process: Database) -> int:
        return sum(process.write_sync(lambda uow, due=due: uow.jobs.start("daily", due, 1, "me")) for due in range(10))

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(starts, processes)) == 10
    for process in processes:
        process.close()


def test_job_cut_off_by_a_crash_may_start_again(database: Database) -> None:
    for due in (1, 2):
        assert database.write_sync(lambda uow, due=due: uow.jobs.start("daily", due, due, "me"))
    database.write_sync(lambda uow: uow.jobs.finish("daily", 1, 5, "ok"))
    assert database.read(lambda uow: (uow.jobs.last_due("daily"), uow.jobs.last_due("x"))) == (2, None)
    assert database.write_sync(lambda uow: (uow.jobs.forget_unfinished("other"), uow.jobs.forget_unfinished("me"))) == (
        0,
        1,
    )
    assert not database.write_sync(lambda uow: uow.jobs.start("daily", 1, 9, "me"))
    assert database.write_sync(lambda uow: uow.jobs.start("daily", 2, 9, "me"))
