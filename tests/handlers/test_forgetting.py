"""忘记我, looked at from the tables: no row of any of them tells of the person any more, only a keyed hash."""

from __future__ import annotations

from sqlalchemy import inspect, text

from bot.core.instants import MINUTE
from bot.ports import JoinHeard, Person
from handlers.afterwards import leave_no_trace
from handlers.jobs.checkin_summary import summarise
from handlers.outbox import Pump
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.fakes import FakeChat
from tests.handlers.room import Room

WHO = "wx-zhang-0815"


def traces(uow: UnitOfWork, *words: str) -> list[str]:
    """Tables in which the contact id, or one of `words`, stands in any column."""
    found = []
    for table in inspect(uow.connection).get_table_names():
        rows = uow.connection.execute(text(f'SELECT * FROM "{table}"')).all()
        found += [table for row in rows if any(word in _readable(value) for value in row for word in (WHO, *words))]
    return found


def _readable(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


async def test_a_forgotten_person_leaves_no_row(database: Database) -> None:
    room = Room(database)
    room.house.chat = FakeChat()
    room.join(WHO, "wx-li")
    room.say("wx-li", "欢迎新朋友，周末的读书会记得来呀")
    room.befriend(WHO)
    room.direct(WHO, "我周末会去读书会，顺便带上那本讲宋代饮食的书")
    room.say(WHO, "这本书的前三章节奏很慢，但是人物写得特别立体", to_bot=True)
    assert "events" in database.read(traces)
    room.direct(WHO, "忘记我")
    room.direct(WHO, "忘记我")
    await Pump(room.house).drain(room.clock.at)
    assert database.read(traces) == []
    assert database.read(lambda uow: uow.forgotten.any())


async def test_who_was_forgotten_may_ask_and_leaves_no_row_by_it(database: Database) -> None:
    room = Room(database)
    room.house.chat = FakeChat()
    room.join(WHO, "wx-li")
    for words in ("忘记我", "忘记我"):
        room.direct(WHO, words)
    for words in ("签到", "我的标签", "退订", "撤回授权", "申诉", "导出我的数据", "#看板", "问卷", "不同意"):
        for speak in (room.say, room.direct):
            speak(WHO, words)
            await Pump(room.house).drain(room.clock.at)
        assert set(database.read(traces)) == ({"conversations", "outbox"} if words == "问卷" else set()), words


ASKED_ABOUT = (
    "#成员 张三丰", "#为什么 张三丰 生命周期/阶段", "#打标 张三丰 行为/活跃度=高活跃", "#名单 新人", "#导出", "#质检",
    "#人脉", "#免打扰 张三丰", "#免打扰 张三丰 取消", "#任命 李 管理员 备用 张三丰", "#标签 特殊身份/身份=新用户",
    "#认证 张三丰 3000",
)  # fmt: skip


async def test_nothing_is_left_of_him_in_words_to_others(database: Database) -> None:
    room = Room(database)
    room.house.chat = FakeChat()
    room.appoint("boss", "运营总监")
    room.join(WHO, "wx-li")
    room.say("wx-li", "大家好", name="李")
    room.say(WHO, "大家好，我从武当山来", name="张三丰")
    room.say("wx-li", "@张三丰 你好呀", mentions=(WHO,))
    room.say(WHO, "签到")
    for words in ASKED_ABOUT:
        room.direct("boss", words)
    room.wait(11 * MINUTE)
    room.database.write_sync(lambda uow: summarise(uow, room.house, room.clock.at))
    await Pump(room.house).drain(room.clock.at)
    assert {"events", "outbox", "audit"} <= set(database.read(lambda uow: traces(uow, "张三丰")))
    room.direct(WHO, "忘记我")
    room.direct(WHO, "忘记我")
    await Pump(room.house).drain(room.clock.at)
    assert room.house.untidy
    leave_no_trace(room.house)
    assert database.read(lambda uow: traces(uow, "张三丰")) == []
    texts = {row.kind: row.text for row in room.rows() if row.to_kind == "group"}
    assert "李" in room.database.read(lambda uow: uow.members.get("wx-li")).name  # type: ignore[union-attr]
    assert "新朋友" in texts["checkin_summary"]


async def test_later_facts_of_others_do_not_bring_him_back(database: Database) -> None:
    room = Room(database)
    room.join(WHO, "wx-li")
    room.direct(WHO, "忘记我")
    room.direct(WHO, "忘记我")
    room.say("wx-li", "你去哪儿了呀", mentions=(WHO, "wx-wu"))
    inviter, newcomer = Person(WHO, "张三丰"), Person("wx-wu", "小吴")
    room.hear(JoinHeard(room.clock.at, "读书会", (newcomer,), inviter))
    await Pump(room.house).drain(room.clock.at)
    room.database.write_sync(lambda uow: uow.outbox.delete(WHO))
    leave_no_trace(room.house)
    assert database.read(traces) == []


def kept(database: Database) -> bytes:
    """All that the database's files hold."""
    assert database.file is not None
    return b"".join(path.read_bytes() for path in database.file.parent.glob(f"{database.file.name}*"))


async def test_a_child_leaves_no_byte_as_soon_as_the_farewell_is_out(sqlite_database: Database) -> None:
    database = sqlite_database
    room = Room(database)
    room.house.chat = FakeChat()
    room.join(WHO)
    room.befriend(WHO)
    room.direct(WHO, "我最爱看恐龙画册和奥特曼")
    room.direct(WHO, "问卷")
    await Pump(room.house).drain(room.clock.at)
    room.direct(WHO, "同意")
    await Pump(room.house).drain(room.clock.at)
    assert "恐龙".encode() in kept(database)
    room.direct(WHO, "我十一岁")
    assert room.house.untidy
    leave_no_trace(room.house)
    assert not room.house.untidy
    await Pump(room.house).drain(room.clock.at)
    assert room.house.untidy, "the farewell went out, and with it what named the child"
    leave_no_trace(room.house)
    assert database.read(traces) == []
    held = kept(database)
    assert WHO.encode() not in held and "恐龙".encode() not in held
