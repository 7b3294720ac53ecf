"""#质检: at most ten questions a week, answers pooled into an error rate with its interval."""

from __future__ import annotations

import re
from typing import Any

from bot.core.instants import DAY
from bot.core.sampling import Quality
from bot.services.reports import quality
from tests.handlers.room import Room


def number_in(text: str) -> str:
    found = re.search(r"第 (\d+) 题", text)
    assert found is not None, text
    return found[1]


def reported(room: Room) -> dict[str, Any]:
    return room.database.read(lambda uow: quality.report(uow, room.clock.at, room.house.zone))


def peopled(room: Room) -> Room:
    room.appoint("admin", "管理员")
    room.join(*(f"p{number}" for number in range(15)))
    return room


def test_ten_questions_a_week_and_no_more(any_room: Room) -> None:
    room = peopled(any_room)
    text = room.direct("admin", "#质检")
    assert "依据：" in text
    assert room.direct("admin", "#质检") == text, "the question that waits is asked again"
    asked = []
    for place in range(10):
        asked.append(number_in(text))
        text = room.direct("admin", f"#质检 {asked[-1]} {'错' if place == 0 else '对'}")
    assert "这周没有题了" in text
    assert len(set(asked)) == 10
    found = reported(room)
    key = found["key"]
    assert (found["asked_this_week"], key["verdict"]) == (10, "样本不足")
    assert sum(one["judged"] for one in found["paths"]) == 10
    assert sum(one["wrong"] for one in found["paths"]) == 1
    assert "没有待回答" in room.direct("admin", f"#质检 {asked[0]} 对")
    room.wait(7 * DAY)
    assert "题：" in room.direct("admin", "#质检")
    room.wait(180 * DAY)
    assert reported(room)["paths"] == []


def test_who_may_not_judge_hears_nothing(room: Room) -> None:
    peopled(room)
    assert "题：" not in room.direct("p1", "#质检")
    assert "用法" in room.direct("admin", "#质检 1 也许")
    assert "题：" not in room.say("admin", "#质检")


def test_green_needs_the_upper_bound_below_five_percent() -> None:
    assert Quality(72, 0).verdict == "样本不足"
    assert Quality(73, 0).verdict == "达标"
    assert Quality(100, 1).verdict == "未达标"
    assert Quality(180, 3).interval[1] < 0.05 < Quality(180, 4).interval[1]
