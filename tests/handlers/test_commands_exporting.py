"""#导出: a director's look at everybody's tags, page by page, safe for spreadsheets, never in the group."""

from __future__ import annotations

import csv
import io
import re

from bot.services.reports import access
from tests.handlers.room import NOON, Room


def rows(text: str) -> list[list[str]]:
    """The table of an answer; what is said after it has no commas of CSV."""
    table = text.partition("\n全部成员")[0].partition("\n后面还有")[0]
    return list(csv.reader(io.StringIO(table)))


def test_everybody_is_shown_once_page_by_page(any_room: Room) -> None:
    room = any_room
    room.appoint("boss", "运营总监")
    room.join(*(f"p{number:02}" for number in range(23)))
    told: list[list[str]] = []
    wanted = "#导出"
    while wanted:
        text = room.direct("boss", wanted)
        header, *lines = rows(text)
        assert header == ["编号", "昵称", "标签"]
        assert len(lines) <= 10
        told += lines
        found = re.search(r"发「(#导出 [^」]+)」", text)
        wanted = found[1] if found else ""
    assert [one[0] for one in told] == ["boss", *(f"p{number:02}" for number in range(23))]
    assert all("生命周期/阶段=" in one[2] for one in told[1:])
    assert "后面没有成员了" in room.direct("boss", "#导出 p22")
    assert "没找到" in room.direct("boss", "#导出 nobody")


def test_no_cell_is_a_formula(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.say("evil", "大家好", name='=HYPERLINK("x")')
    named = {one[0]: one[1] for one in rows(room.direct("boss", "#导出"))[1:]}
    assert named["evil"] == '\'=HYPERLINK("x")'


def test_only_a_director_gets_it_and_only_directly(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.appoint("admin", "管理员")
    room.say("wang", "大家好", name="小王")
    assert "需要运营总监权限" in room.direct("admin", "#导出")
    in_group = room.say("boss", "#导出")
    assert "小王" not in in_group
    assert "小王" in room.answer("direct")
    found = room.database.read(lambda uow: access.report(uow, room.clock.at, room.house.zone))
    assert [(one["actor"], one["reads"], one["refused"]) for one in found["actors"]] == [
        ("boss", 1, 0),
        ("admin", 0, 1),
    ]
    uses = room.database.read(lambda uow: uow.tag_uses.last())
    assert uses["生命周期/阶段"] > NOON, "an export is a use of the tags it shows"
