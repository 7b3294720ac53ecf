"""忘记我, looked at from the tables: no row of any of them tells of the person any more, only a keyed hash."""

from __future__ import annotations

from sqlalchemy import inspect, text

from handlers.outbox import Pump
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.fakes import FakeChat
from tests.handlers.room import Room

WHO = "wx-zhang-0815"


def traces(uow: UnitOfWork) -> list[str]:
    """Tables in which the contact id stands in any column."""
    found = []
    for table in inspect(uow.connection).get_table_names():
        rows = uow.connection.execute(text(f'SELECT * FROM "{table}"')).all()
        found += [table for row in rows if any(WHO in str(value) for value in row)]
    return found


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
