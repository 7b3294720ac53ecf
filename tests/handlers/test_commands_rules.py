"""#规则 in chat, and the job that brings everybody across a change of rules."""

from __future__ import annotations

from bot.core.instants import HOUR
from bot.services import rulesets
from bot.services.rulesets import Draft
from config.loader import digest, parse_rules
from handlers.jobs import ruling
from tests.handlers.room import Room

LONGER = "[identity]\nnewcomer_hours = 1.0\n"


async def test_a_director_goes_back_to_an_older_version(room: Room) -> None:
    room.appoint("boss", "运营总监")
    room.appoint("admin", "管理员")
    room.join("wang")
    room.wait(2 * HOUR)
    assert ("特殊身份/身份", "新用户") in room.tags("wang")
    draft = Draft(LONGER, digest(LONGER), parse_rules(LONGER))
    room.database.write_sync(lambda uow: rulesets.activate(uow, draft, room.clock.at, "boss", "新人期一小时"))
    room.say("wang", "大家好")
    assert ("特殊身份/身份", "新用户") not in room.tags("wang")
    assert "新人期一小时" in room.direct("admin", "#规则")
    assert "identity.newcomer_hours：72.0 → 1.0" in room.direct("admin", "#规则 差异 2")
    assert "运营总监" in room.direct("admin", "#规则 启用 1")
    asked = room.direct("boss", "#规则 启用 1")
    wish = asked.split("#确认 规则")[1].split("」")[0]
    assert f"规则{wish}" in room.direct("boss", "#确认")
    assert "没有编号" in room.direct("boss", f"#确认 规则{int(wish) + 5}")
    assert "回到第 1 版" in room.direct("boss", f"#确认 规则{wish}")
    assert room.due(ruling.JOB, 0) is not None
    await ruling.JOB.run(room.house, room.clock.at)
    assert room.due(ruling.JOB, 0) is None
    assert ("特殊身份/身份", "新用户") in room.tags("wang")
    assert "用法" in room.direct("boss", "#规则 随便")
