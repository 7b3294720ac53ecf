"""#链接: who may make tracked links, and of what; a member's own address ends after its term."""

from __future__ import annotations

import re

from bot.services import tracking
from tests.handlers.room import Room

TARGET = "https://example.com/a"
BAD = (
    "example.com",
    "javascript:alert(1)",
    "http://",
    "https://name:word@example.com/",
    "https://example.com:99999/",
    "https://[::1",
    "https://example.com/\u202ea",
    "https://example.com/" + "a" * 1000,
    f"{TARGET} 星座",
    f"{TARGET} 科技 体育",
    f"{TARGET} 1 2",
    f"{TARGET} 999999999元",
)


def test_an_old_address_leads_nowhere(room: Room) -> None:
    room.appoint("admin", "管理员")
    code = re.search(r"/r/(\w+)", room.direct("admin", f"#链接 {TARGET}"))[1]  # type: ignore[index]
    text = room.database.write_sync(
        lambda uow: tracking.personal(uow, f"看 http://x/r/{code}。", "wang", room.clock.at)
    )
    own = text.removeprefix("看 http://x/r/").removesuffix("。")
    room.database.write_sync(lambda uow: uow.tracked.drop(room.clock.at))
    assert room.database.read(lambda uow: uow.tracked.personal(own)) is not None
    room.database.write_sync(lambda uow: uow.tracked.drop(room.clock.at + 1))
    assert room.database.read(lambda uow: uow.tracked.personal(own)) is None


def test_a_bad_link_is_refused(room: Room) -> None:
    room.appoint("admin", "管理员")
    for args in BAD:
        answer = room.direct("admin", f"#链接 {args}")
        assert "用法" in answer or "网址" in answer, args
    assert "还没有" in room.direct("admin", "#链接")


def test_who_may_not_make_links_makes_none(room: Room) -> None:
    assert "/r/" not in room.direct("wang", f"#链接 {TARGET}")
    assert room.database.read(lambda uow: uow.tracked.latest(9)) == []
