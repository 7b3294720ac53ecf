"""Events, held facts and roll-ups, on both databases."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from storage.database import Database
from storage.rows import EventRow, HeldFactRow, RollupRow, SweepRow
from storage.talk_rows import ContextRow


def message(id_: str, at: int, member: str, group: str | None = "g", **more: object) -> EventRow:
    return EventRow(id_, "message", at, member, group, '{"kind":"text"}', **more)


def test_event_comes_back_whole(database: Database) -> None:
    full = EventRow(
        "e1", "message", 7, "小王", "群", '{"kind":"text"}', "大家好", 1.25, 0.5, "ad", True, "command", b"\x00\xff",
        True, True, 9, '[{"name":"广告","hit":true}]',
    )  # fmt: skip
    bare = EventRow("e2", "deaf", 8, None, None, "{}")
    database.write_sync(lambda uow: uow.events.add([full, bare]))
    assert database.read(lambda uow: (uow.events.get("e1"), uow.events.get("e2"))) == (full, bare)
    assert database.read(lambda uow: uow.events.get("e3")) is None


def test_same_id_is_refused_and_known(database: Database) -> None:
    database.write_sync(lambda uow: uow.events.add([message("e1", 1, "m")]))
    with pytest.raises(IntegrityError):
        database.write_sync(lambda uow: uow.events.add([message("e2", 1, "m"), message("e1", 2, "m")]))
    assert database.read(lambda uow: uow.events.known(["e1", "e2", "e3"])) == {"e1"}


def test_members_events_stream_in_order_of_code_points(database: Database) -> None:
    rows = [message(f"{m}{n}", n // 2, m) for m in ("b", "a", "Z", "王") for n in (3, 2, 1, 0)]
    database.write_sync(lambda uow: uow.events.add([*rows, EventRow("deaf", "deaf", 0, None, None, "{}")]))
    expected = sorted(rows, key=lambda row: (row.member, row.at, row.id))
    assert database.read(lambda uow: list(uow.events.of_members(None, None, 9))) == expected
    some = database.read(lambda uow: list(uow.events.of_members(["b", "王", "b"], 0, 1)))
    assert some == [row for row in expected if row.member in ("b", "王") and row.at == 1]


def test_each_member_from_his_own_position(database: Database) -> None:
    rows = [message(f"{m}{n}", n, m) for m in ("a", "b", "c") for n in range(5)]
    database.write_sync(lambda uow: uow.events.add(rows))
    found = database.read(lambda uow: [row.id for row in uow.events.since({"b": (3, 9), "a": (0, 2)})])
    assert found == ["a1", "a2", "b4"]


def test_more_members_than_one_statement_takes(sqlite_database: Database) -> None:
    rows = [message(f"e{n:05}", n, f"m{n:05}") for n in range(1300)]
    sqlite_database.write_sync(lambda uow: uow.events.add(rows))
    ids = [row.id for row in rows]
    names = [row.member or "" for row in rows]
    assert sqlite_database.read(lambda uow: uow.events.known(iter(ids))) == set(ids)
    assert sqlite_database.read(lambda uow: list(uow.events.of_members(names, None, 9999))) == rows


def test_messages_of_members_and_what_is_suspicious_of_all(database: Database) -> None:
    rows = [
        message("hers", 5, "x", "g", score=0.0),
        message("elsewhere", 5, "m", "h"),
        message("full", 6, "m", "g", sketch=b"s", base=1.0, score=0.25, checks="[]"),
        message("early", 3, "m", "g", score=0.9),
        message("late", 8, "m", "g", score=0.9),
        EventRow("join", "join", 5, "m", "g", "{}"),
    ]
    database.write_sync(lambda uow: uow.events.add(rows))
    found = database.read(lambda uow: uow.events.messages_of(["m", "n"], 3, 7))
    assert [row.id for row in found] == ["elsewhere", "full"]
    full = ContextRow(found[1].seq, "full", 6, "m", "g", 1.0, None, "", False, "", False, b"s", "message", 0.25, "[]")
    assert database.read(lambda uow: uow.events.suspects_between(3, 7))[1:] == [full] == found[1:]


def test_with_an_old_text_goes_what_made_it_suspicious_unless_a_verdict_rests_on_it(sqlite_database: Database) -> None:
    rows = [
        EventRow("s", "message", 1, "m", "g", "{}", "话", checks="[1]", score=0.2),
        EventRow("v", "message", 1, "m", "g", "{}", "话", verdict="ad", checks="[1]", score=0.9),
        EventRow("new", "message", 3, "m", "g", "{}", "话", checks="[1]", score=0.2),
    ]
    sqlite_database.write_sync(lambda uow: uow.events.add(rows))
    assert sqlite_database.write_sync(lambda uow: uow.events.drop_texts(2)) == 2
    seen = sqlite_database.read(lambda uow: list(uow.events.of_members(["m"], None, 9)))
    assert {row.id: (row.text, row.checks) for row in seen} == {
        "s": (None, None),
        "v": (None, "[1]"),
        "new": ("话", "[1]"),
    }


def test_amending_keeps_checks_unless_new_ones_are_given(database: Database) -> None:
    rows = [message(id_, 1, "m", checks="[1]", quality=1.0, valid=True) for id_ in ("a", "b", "c")]
    database.write_sync(lambda uow: uow.events.add(rows))
    changes = [("a", 0.0, "flood", False, "[2]"), ("b", 0.5, "", True, None)]
    database.write_sync(lambda uow: uow.events.amend(changes))
    seen = database.read(lambda uow: list(uow.events.of_members(["m"], None, 1)))
    assert [(row.quality, row.verdict, row.valid, row.checks) for row in seen] == [
        (0.0, "flood", False, "[2]"),
        (0.5, "", True, "[1]"),
        (1.0, "", True, "[1]"),
    ]


def test_first_last_count_and_deaf(database: Database) -> None:
    assert database.read(lambda uow: (uow.events.first_at(), uow.events.last_at(), uow.events.count())) == (
        None,
        None,
        0,
    )
    rows = [
        message("a", 5, "m", historical=True),
        message("b", 6, "n"),
        EventRow("d", "deaf", 9, None, "g", '{"from":7,"to":9}'),
        EventRow("c", "deaf", 8, None, None, '{"from":1,"to":2}'),
    ]
    database.write_sync(lambda uow: uow.events.add(rows))
    assert database.read(lambda uow: (uow.events.first_at(), uow.events.first_at(include_historical=False))) == (5, 6)
    assert database.read(lambda uow: (uow.events.last_at(), uow.events.count())) == (9, 4)
    assert database.read(lambda uow: uow.events.deaf(9)) == [(1, 2, None), (7, 9, "g")]
    assert database.read(lambda uow: uow.events.deaf(8)) == [(1, 2, None)]


def test_erasing_and_blanking_touch_one_member_only(database: Database) -> None:
    intro = '{"intro":{"age":"28"},"kind":"text"}'
    rows = [
        EventRow("answer", "answer", 1, "m", "g", '{"question":"age","value":"28"}', "28"),
        EventRow("said", "message", 2, "m", "g", intro, "我28"),
        EventRow("plain", "message", 3, "m", "g", '{"kind":"text"}', "好"),
        EventRow("other", "message", 2, "n", "g", intro, "我28"),
    ]
    database.write_sync(lambda uow: uow.events.add(rows))
    assert database.write_sync(lambda uow: uow.events.blank("m", "answer", 9)) == 1
    bodies = {
        row.id: (row.body, row.text) for row in database.read(lambda uow: list(uow.events.of_members(None, None, 9)))
    }
    assert bodies["answer"] == ("{}", None)
    assert bodies["said"] == (intro, "我28")
    assert bodies["other"] == (intro, "我28")
    assert database.write_sync(lambda uow: uow.events.erase_member("m")) == 3
    assert database.read(lambda uow: uow.events.known(["answer", "other"])) == {"other"}


def test_held_facts_wait_per_run(database: Database) -> None:
    facts = [
        HeldFactRow("r1", "b", 2, "m", {"值": 1}),
        HeldFactRow("r1", "a", 1, "n", {}),
        HeldFactRow("r2", "c", 1, "m", {}),
    ]
    database.write_sync(lambda uow: uow.held.add(facts))
    assert database.read(lambda uow: uow.held.of_run("r1")) == [facts[1], facts[0]]
    assert database.write_sync(lambda uow: (uow.held.clear("r1"), uow.held.delete("n"), uow.held.clear())) == (2, 0, 1)


def test_rollups_are_saved_paged_and_marked_by_the_earliest_event(database: Database) -> None:
    rows = [RollupRow(m, 5, None, m.encode() * 3, 1) for m in ("b", "a", "c")]
    database.write_sync(lambda uow: uow.rollups.save(rows))
    database.write_sync(lambda uow: uow.rollups.save([RollupRow("b", 6, None, b"new", 2)]))
    assert database.read(lambda uow: uow.rollups.get(["b", "x"])) == {"b": RollupRow("b", 6, None, b"new", 2)}

    for marks in ({"a": 9, "x": 4}, {"a": 7}, {"a": 8}):
        database.write_sync(lambda uow, marks=marks: uow.rollups.mark_dirty(marks))
    assert database.read(lambda uow: list(uow.rollups.dirty())) == [("a", 7), ("x", 4)]
    assert database.read(lambda uow: uow.rollups.get(["a"])["a"].facts) == b"aaa"
    assert database.write_sync(lambda uow: uow.rollups.delete("a")) == 1


def test_sleepers_wake_by_the_clock_or_by_news(database: Database) -> None:
    """Who was asleep during the sweep that news come too late for has missed them, and is folded anew."""
    rows = [RollupRow("a", 10, None, b"", 0, 30), RollupRow("b", 10, None, b"", 0, 90), RollupRow("c", 10, None, b"")]
    database.write_sync(lambda uow: uow.members.introduce(dict.fromkeys("abcd", "")))
    database.write_sync(lambda uow: uow.rollups.save(rows))
    database.write_sync(lambda uow: uow.sweeps.add(SweepRow(20, None, {}, 0)))
    awake = [database.read(lambda uow, at=at: uow.rollups.awake(at)) for at in (29, 30, 90)]
    assert awake == [["c", "d"], ["a", "c", "d"], ["a", "b", "c", "d"]]
    assert database.read(lambda uow: uow.rollups.awake(30, "a", 1)) == ["c"]
    assert database.read(lambda uow: uow.rollups.count_awake(30)) == 3
    database.write_sync(lambda uow: uow.rollups.mark_late({"a": 25, "b": 15}))
    assert database.read(lambda uow: uow.rollups.awake(22)) == ["a", "b", "c", "d"]
    assert database.read(lambda uow: list(uow.rollups.dirty())) == [("b", 15)]
    database.write_sync(lambda uow: uow.rollups.save(rows))
    database.write_sync(lambda uow: uow.rollups.wake_all())
    assert database.read(lambda uow: uow.rollups.count_awake(0)) == 4


def test_late_events_mark_only_folds_that_have_passed_them(database: Database) -> None:
    folded = [RollupRow("a", 10, None, b"", 1), RollupRow("b", 10, 3, b"", 1), RollupRow("c", 4, None, b"", 1)]
    database.write_sync(lambda uow: uow.rollups.save(folded))
    database.write_sync(lambda uow: uow.rollups.mark_late({"a": 6, "c": 6, "unknown": 1}))
    assert database.read(lambda uow: list(uow.rollups.dirty())) == [("a", 6), ("b", 3)]
    database.write_sync(lambda uow: uow.rollups.mark_all_late(5))
    assert database.read(lambda uow: list(uow.rollups.dirty())) == [("a", 5), ("b", 3)]
