"""#召回 previews, #确认 lets go: recalls, and messages that wait for a word in assist mode."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY, HOUR
from bot.services import tagging
from bot.services.audience import held_out
from storage.rows import OutboxRow
from tests.handlers.room import NOON, Room

GOING, HELD = "m0", next(f"h{n}" for n in range(100) if held_out(f"h{n}", 10))


@pytest.fixture
def quiet(room: Room) -> Room:
    """Three friends have agreed to pushes and said nothing for 31 days; a fourth agreed to none."""
    room.appoint("boss", "运营总监")
    for member in (GOING, HELD, "no"):
        room.say(member, "大家好")
        room.befriend(member)
    for member in (GOING, HELD):
        room.direct(member, "问卷")
        room.deliver()
        for words in ("同意", "28", "跳过", "跳过", "跳过", "同意"):
            room.direct(member, words)
    room.clock.at = NOON + 31 * DAY + 17 * HOUR
    members = [GOING, HELD, "no"]

    def evaluate(uow: object) -> None:
        world = room.house.world(uow, room.clock.at)  # type: ignore[arg-type]
        tagging.bring(uow, members, world, room.clock.at, room.clock.at)  # type: ignore[arg-type]

    room.database.write_sync(evaluate)
    return room


def recalls(room: Room) -> list[OutboxRow]:
    return [row for row in room.rows() if row.kind == "recall"]


def test_preview_names_counts_and_who_is_held_out(quiet: Room) -> None:
    shown = quiet.direct("boss", "#召回")
    assert f"可召回 1 人：{GOING}" in shown
    assert f"对照组不发 1 人：{HELD}" in shown
    assert "不发 1 人。" not in shown
    assert recalls(quiet) == []


def test_confirmed_once_by_who_asked(quiet: Room) -> None:
    quiet.appoint("other", "管理员")
    number = quiet.direct("boss", "#召回").split("召回")[-1].split("」")[0]
    assert "没有编号" in quiet.direct("other", f"#确认 召回{number}")
    assert recalls(quiet) == []
    assert "1 条" in quiet.direct("boss", f"#确认 {number}")
    assert {(row.member, row.status) for row in recalls(quiet)} == {(GOING, "queued"), (HELD, "withheld")}
    assert "没有编号" in quiet.direct("boss", f"#确认 {number}")


def test_a_preview_does_not_hold_for_ever(quiet: Room) -> None:
    quiet.direct("boss", "#召回")
    quiet.wait(HOUR)
    assert "没有编号" in quiet.direct("boss", "#确认 召回1")


def test_nobody_to_recall(room: Room) -> None:
    room.appoint("boss", "运营总监")
    assert "没有可以召回" in room.direct("boss", "#召回")
    assert "没有等待" in room.direct("boss", "#确认")


@pytest.fixture
def waiting(room: Room) -> Room:
    """Assist mode, three messages wait."""
    room.appoint("boss", "运营总监")
    rows = [OutboxRow(f"x:{n}", "welcome", "group", "g", f"欢迎{n}", NOON, NOON, status="awaiting") for n in range(3)]
    room.database.write_sync(lambda uow: uow.outbox.add(rows))
    return room


def states(room: Room) -> list[str]:
    return [row.status for row in room.rows() if row.kind == "welcome"]


def test_waiting_messages_are_listed(waiting: Room) -> None:
    shown = waiting.direct("boss", "#确认")
    assert "3 条" in shown
    assert "欢迎2" in shown


def test_release_by_number(waiting: Room) -> None:
    first, second, _ = (row.id for row in waiting.rows() if row.kind == "welcome")
    assert "放行 2 条" in waiting.direct("boss", f"#确认 {first}，{second}")
    assert states(waiting) == ["queued", "queued", "awaiting"]
    assert "没有编号 99" in waiting.direct("boss", "#确认 99")


def test_release_all_but_some(waiting: Room) -> None:
    _, second, _ = (row.id for row in waiting.rows() if row.kind == "welcome")
    assert "放行 2 条，取消 1 条" in waiting.direct("boss", f"#确认 全部 除 {second}")
    assert states(waiting) == ["queued", "cancelled", "queued"]
