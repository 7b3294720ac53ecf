"""Tags, their history, stages, flags and sweeps: on both databases."""

from __future__ import annotations

from storage.database import Database
from storage.rows import FlagRow, StageChangeRow, SweepRow, TagChangeRow, TagRow

TOPIC = "内容偏好/题材"


def tag(member: str, value: str, weight: float = 1.0, path: str = TOPIC, **because: object) -> TagRow:
    return TagRow(member, path, value, weight, "rule", 5, None, because, "topics", 3)


def change(member: str, value: str, action: str, at: int, path: str = TOPIC) -> TagChangeRow:
    return TagChangeRow(member, path, value, action, at, {"占比": 0.6}, "topics", 3, at + 1)


def test_gains_renewals_and_losses(database: Database) -> None:
    first = [tag("m", "科技控", 0.7, 占比=0.7), tag("m", "美食"), tag("n", "美食")]
    database.write_sync(lambda uow: uow.tags.apply(first, ()))
    renewed = tag("m", "科技控", 0.9, 占比=0.9)
    database.write_sync(lambda uow: uow.tags.apply([renewed], [("m", TOPIC, "美食"), ("m", TOPIC, "没有")]))
    assert database.read(lambda uow: uow.tags.of_members(["m", "n", "x"])) == {"m": [renewed], "n": [first[2]]}


def test_a_tag_lost_and_gained_at_once_is_held(database: Database) -> None:
    database.write_sync(lambda uow: uow.tags.apply([tag("m", "美食")], [("m", TOPIC, "美食")]))
    assert database.read(lambda uow: uow.tags.holders(TOPIC, "美食")) == ["m"]


def test_counting_and_holders(database: Database) -> None:
    rows = [tag("b", "美食"), tag("a", "美食"), tag("a", "旅游"), tag("a", "高", path="行为/点击偏好")]
    database.write_sync(lambda uow: uow.tags.apply(rows, ()))
    assert database.read(lambda uow: uow.tags.count_by(TOPIC)) == {"旅游": 1, "美食": 2}
    assert database.read(lambda uow: uow.tags.holders(TOPIC, "美食")) == ["a", "b"]
    assert database.write_sync(lambda uow: uow.tags.delete("a")) == 3


def test_history_is_kept_and_replaced_per_member(database: Database) -> None:
    rows = [change("m", "美食", "gained", 5), change("m", "美食", "lost", 9), change("n", "美食", "gained", 5)]
    other = change("m", "高", "gained", 7, "行为/点击偏好")
    database.write_sync(lambda uow: uow.tags.add_changes([*rows, other]))
    assert database.read(lambda uow: uow.tags.changes_of("m")) == [rows[0], other, rows[1]]
    assert database.read(lambda uow: uow.tags.changes_of("m", TOPIC)) == rows[:2]
    database.write_sync(lambda uow: uow.tags.replace_changes("m", [other]))
    assert database.read(lambda uow: (uow.tags.changes_of("m"), uow.tags.changes_of("n"))) == ([other], [rows[2]])


def test_stage_changes_are_kept_once(database: Database) -> None:
    rows = [StageChangeRow("m", 5, None, "引入期"), StageChangeRow("m", 9, "引入期", "成长期", {"周均": 3.5})]
    other = StageChangeRow("a", 9, None, "沉默期")
    database.write_sync(lambda uow: uow.stages.add([*rows, other]))
    database.write_sync(lambda uow: uow.stages.add([rows[1]._replace(because={"again": 1})]))
    assert database.read(lambda uow: uow.stages.between(None, 9)) == [rows[0], other, rows[1]]
    assert database.read(lambda uow: uow.stages.between(5, 9)) == [other, rows[1]]
    assert database.read(lambda uow: uow.stages.of_member("m")) == rows
    database.write_sync(lambda uow: uow.stages.replace("m", rows[:1]))
    assert database.read(lambda uow: uow.stages.between(None, 9)) == [rows[0], other]


def test_flags_are_kept_once(database: Database) -> None:
    rows = [FlagRow("m", "new", 5), FlagRow("m", "dormant", 9, {"stage": "衰退期"}), FlagRow("a", "new", 9)]
    database.write_sync(lambda uow: uow.flags.add([*rows, rows[0]]))
    assert database.read(lambda uow: uow.flags.between(None, 9)) == [rows[0], rows[2], rows[1]]
    assert database.read(lambda uow: uow.flags.between(5, 8)) == []
    database.write_sync(lambda uow: uow.flags.replace("m", []))
    assert database.read(lambda uow: uow.flags.between(None, 9)) == [rows[2]]


def test_last_sweep(database: Database) -> None:
    assert database.read(lambda uow: uow.sweeps.last()) is None
    first, second = SweepRow(5, None, {"new": ["m"]}, 6), SweepRow(9, 5, {"new": []}, 10)
    for row in (second, first, first._replace(flagged={"new": []})):
        database.write_sync(lambda uow, row=row: uow.sweeps.add(row))
    assert database.read(lambda uow: (uow.sweeps.last(), uow.sweeps.get(7))) == (second, None)
    assert database.read(lambda uow: uow.sweeps.get(5)) == first._replace(flagged={"new": []})
