"""Recalled against held out: who counts, and what may be said."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY, Instant
from bot.core.uplift import Arm, newcombe, verdict, wilson
from bot.services.outreach import HELD_OUT
from bot.services.reports import uplift
from storage.database import Database
from storage.rows import OutboxRow, StageChangeRow
from storage.unit_of_work import UnitOfWork

BEGAN: Instant = 100 * DAY
LATER = BEGAN + 40 * DAY


def recall(member: str, status: str = "sent", reason: str = "", at: Instant = BEGAN) -> OutboxRow:
    key = f"recall:{member}:{at}"
    return OutboxRow(
        key, "recall", "direct", member, "想你", at, at, member, None, (), {"at": at}, status=status, reason=reason
    )


def held(member: str) -> OutboxRow:
    return recall(member, "withheld", HELD_OUT)


def back(member: str, days: float) -> StageChangeRow:
    return StageChangeRow(member, BEGAN + int(days * DAY), "衰退期", "沉默期", {"回流": True})


def told(
    database: Database, rows: list[OutboxRow], moves: list[StageChangeRow], at: Instant = LATER
) -> dict[str, object]:
    def fill(uow: UnitOfWork) -> None:
        uow.outbox.add(rows)
        uow.stages.add(moves)

    database.write_sync(fill)
    return dict(database.read(lambda uow: uplift.report(uow, at)))


def test_wilson_and_newcombe_agree_with_the_published_example() -> None:
    """Newcombe 1998, table II, example (a): 56/70 against 48/80 gives 0.0524 to 0.3339."""
    assert newcombe(Arm(70, 56), Arm(80, 48)) == pytest.approx((0.0524, 0.3339), abs=1e-4)
    assert wilson(Arm(10, 0)) == pytest.approx((0.0, 0.2775), abs=1e-4)
    assert wilson(Arm()) == (0.0, 1.0)


@pytest.mark.parametrize(
    ("recalled", "held_out", "said"),
    [
        (Arm(900, 300), Arm(99, 10), "样本不足"),
        (Arm(900, 300), Arm(100, 10), "有效"),
        (Arm(900, 100), Arm(100, 11), "看不出差别"),
        (Arm(900, 10), Arm(100, 30), "有害"),
        (Arm(), Arm(100, 30), "样本不足"),
    ],
)
def test_a_hundred_held_out_are_needed(recalled: Arm, held_out: Arm, said: str) -> None:
    assert verdict(recalled, held_out) == said


def test_who_counts(database: Database) -> None:
    rows = [
        recall("a"),
        recall("b"),
        recall("c", "cancelled", "阶段已变化"),
        recall("only-observed", "withheld", "观察模式"),
        recall("waits", "queued"),
        recall("young", at=LATER - DAY),
        held("h"),
        held("i"),
    ]
    moves = [back("a", 30), back("b", 30.1), back("c", 1), back("h", 5)]
    found = told(database, rows, moves)
    assert found["recalled"] == {"candidates": 3, "returned": 2, "rate": 0.6667}
    assert found["held_out"] == {"candidates": 2, "returned": 1, "rate": 0.5}
    assert (found["verdict"], found["difference"], found["interval"]) == ("样本不足", None, None)


def test_with_enough_held_out_the_difference_has_an_interval(database: Database) -> None:
    rows = [*(recall(f"r{n}") for n in range(200)), *(held(f"h{n}") for n in range(100))]
    moves = [*(back(f"r{n}", 3) for n in range(100)), *(back(f"h{n}", 3) for n in range(20))]
    found = told(database, rows, moves)
    assert (found["difference"], found["verdict"]) == (0.3, "有效")
    assert found["interval"] == pytest.approx([0.1869, 0.3951], abs=1e-3)
