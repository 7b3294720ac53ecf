"""#认证: followers recorded by an admin count for KOL and KOC; nobody else's word does."""

from __future__ import annotations

import pytest

from tests.handlers.room import Room

FINE = (
    "我把整个安装过程写成了文档：先装依赖，再改配置，最后检查日志，{}，遇到报错就按第三节逐条排查，你们觉得还缺哪一步？"
)


@pytest.fixture
def staffed(any_room: Room) -> Room:
    any_room.appoint("admin", "管理员")
    for word in ("数据库", "网络代理", "磁盘空间", "权限设置", "时区"):
        any_room.say("li", FINE.format(f"尤其注意{word}"), name="小李")
        any_room.wait(3_600_000_000)
    return any_room


@pytest.mark.parametrize(
    ("words", "rank"), [("小李 1000", "KOC"), ("小李 5万", "KOL"), ("小李 50,000 粉丝", "KOL"), ("小李 999", None)]
)
def test_followers_are_recorded(staffed: Room, words: str, rank: str | None) -> None:
    told = staffed.direct("admin", f"#认证 {words}")
    assert "小李" in told
    held = {value for path, value in staffed.tags("li") if path == "特殊身份/身份"}
    assert held & {"KOL", "KOC"} == ({rank} if rank else set())
    assert (staffed.audit()[0].action, staffed.audit()[0].subject) == ("#认证", "li")


@pytest.mark.parametrize(
    "words", ["小李", "小李 -5", "小李 很多", "5000", "小李 ,", "小李 9999999999999", "没这人 5000"]
)
def test_what_is_no_number_of_somebody_is_refused(staffed: Room, words: str) -> None:
    assert "用法" in staffed.direct("admin", f"#认证 {words}")
    assert not {("特殊身份/身份", "KOL"), ("特殊身份/身份", "KOC")} & set(staffed.tags("li"))


def test_who_is_no_admin_certifies_nobody(staffed: Room) -> None:
    staffed.direct("li", "#认证 小李 60000")
    assert ("特殊身份/身份", "KOL") not in staffed.tags("li")
    assert (staffed.audit()[0].action, staffed.audit()[0].allowed) == ("#认证", False)
