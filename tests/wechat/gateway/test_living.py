"""The whole bot on a gateway that nobody here wrote: what it sends there, and whom it knows again by real payloads."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.attachments import Attachments, Image
from bot.core.instants import HOUR, MINUTE, SECOND
from tests.wechat.gateway.living import DIRECTOR, Living, living
from tests.wechat.gateway.node import LINES, NodeGateway, missing, node_gateway
from tests.wechat.gateway.test_node import PNG, ROOM, until

OTHER = "电影会@chatroom"


@pytest.fixture(params=LINES)
async def gateway(request: pytest.FixtureRequest) -> AsyncIterator[NodeGateway]:
    """A gateway of each line."""
    if why := missing(request.param):
        pytest.skip(why)
    async with node_gateway(request.param) as one:
        yield one


async def test_a_welcome_goes_out_with_its_picture(gateway: NodeGateway, sqlite_url: str, tmp_path: Path) -> None:
    (tmp_path / "rules.png").write_bytes(PNG)
    attachments = Attachments({"群规": Image("群规", str(tmp_path / "rules.png"))}, "群规")
    async with living(gateway, sqlite_url, attachments) as bot:
        await gateway.group("读书会@chatroom", "读书会", ["甲", "乙", "丙"])
        joined = {"roomId": ROOM, "inviteeIdList": ["丙"], "inviterId": "甲", "timestamp": bot.clock.at // SECOND}
        await gateway.ask("emit", event="room-join", payload=joined)
        await until(lambda: bot.rows("welcome"))
        await bot.advance(20 * MINUTE)
        mine = [row for row in bot.rows() if row.kind in ("welcome", "image")]
        assert [(row.kind, row.status) for row in mine] == [("welcome", "sent"), ("image", "sent")]
        heard = [one for one in gateway.sent if one["id"] in {row.platform_id for row in mine}]
        assert "欢迎 丙" in heard[0]["text"] and heard[0]["mentions"] == ["丙"]
        assert (heard[1]["to"], heard[1]["file"], heard[1]["bytes"]) == (ROOM, "rules.png", len(PNG))


OF_EACH: dict[str, dict[str, Any]] = {
    "头像": {"avatar": "https://example.com/a.jpg"},
    "备注": {"alias": "老同学"},
    "好友": {"friend": True, "called": "杭州-好友"},
    "昵称": {"called": "杭州-昵称", "name": "不换名"},
    "同群": {"name": "两个群的人", "other": True},
    "往来": {"name": "爱聊天的人"},
}
"""Somebody for each kind of evidence, called so, and what is shown of him under either id; unless said, his name is
another one under each."""


async def people(gateway: NodeGateway, prefix: str) -> None:
    """Everybody is there under the ids of a login."""
    ids = {name: f"{prefix}{name}" for name in OF_EACH}
    for name, shown in OF_EACH.items():
        look = {"name": ids[name], **{key: shown[key] for key in ("name", "avatar", "alias", "friend") if key in shown}}
        await gateway.settle("contact", id=ids[name], **look)
    called = {ids[name]: shown["called"] for name, shown in OF_EACH.items() if "called" in shown}
    members = ["bot", "甲", "乙", DIRECTOR, *ids.values()]
    await gateway.settle("room", id=ROOM, topic="读书会", members=members, called=called)
    both = [ids[name] for name, shown in OF_EACH.items() if shown.get("other")]
    await gateway.settle("room", id=OTHER, topic="电影会", members=["bot", "甲", "乙", *both])


async def chat(bot: Living, prefix: str) -> None:
    for other in ("甲", "乙"):
        await bot.say(f"{prefix}往来", f"@{other} 你说得对，我也这么想", mentions=[other])


async def test_people_are_known_again_by_what_the_gateway_shows(gateway: NodeGateway, sqlite_url: str) -> None:
    await people(gateway, "旧")
    async with living(gateway, sqlite_url) as bot:
        await bot.direct(DIRECTOR, "我的标签")
        await chat(bot, "旧")
        await bot.advance(15 * MINUTE)
        await people(gateway, "新")
        await bot.login()
        assert "编号" in "".join(row.text for row in bot.rows("new_ids"))
        await chat(bot, "新")
        await bot.advance(2 * HOUR)
        told = await bot.direct(DIRECTOR, "#合并")
        found = [line.partition("：")[::2] for line in told.splitlines() if line[:1].isdigit()]
        grounds = {next(name for name in OF_EACH if f"旧{name}" in pair): why for pair, why in found}
        assert grounds == {
            "头像": "头像相同",
            "备注": "备注相同",
            "好友": "群昵称相同、都是好友",
            "同群": "同在 2 个群、现用昵称相同",
            "往来": "现用昵称相同、与同样的 2 人往来",
        }, "two names are still names"
