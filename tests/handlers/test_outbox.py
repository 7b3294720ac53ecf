"""The pump: what is queued is sent once, what is in doubt never again, and a delivered warning moves the ladder."""

from __future__ import annotations

import asyncio
from itertools import islice

import pytest

from bot.core.attachments import Attachments, Image
from bot.core.campaigns import Campaigns
from bot.core.instants import MINUTE, SECOND
from handlers.outbox import Pump
from handlers.pauses import LONGEST, SHORTEST, human
from storage.database import Database
from storage.rows import OutboxRow
from tests.fakes import FakeChat
from tests.handlers.room import GROUP, NOON, HandClock, Room, house_on


class Talk:
    """A room whose outbox is pumped into a fake platform."""

    def __init__(self, room: Room) -> None:
        self.room = room
        self.chat = room.house.chat = FakeChat()
        self.pump = Pump(room.house)

    def queue(self, *keys: str, to: str = "p") -> None:
        at = self.room.clock.at
        rows = [OutboxRow(key, "x", "direct", to, key, at, at) for key in keys]
        self.room.database.write_sync(lambda uow: uow.outbox.add(rows))

    async def drain(self) -> int | None:
        return await self.pump.drain(self.room.clock.at)

    @property
    def texts(self) -> list[str]:
        return [sent.text for sent in self.chat.sent]

    def states(self, kind: str = "x") -> list[tuple[str, str]]:
        return [(row.status, row.reason) for row in self.room.rows() if row.kind == kind]


@pytest.fixture
def talk(any_room: Room) -> Talk:
    return Talk(any_room)


async def test_a_message_goes_out_once_and_in_order(talk: Talk) -> None:
    talk.queue("one", "two", "three")
    assert await talk.drain() is None
    assert await talk.drain() is None
    assert talk.texts == ["one", "two", "three"]
    row = talk.room.rows()[0]
    assert (row.status, row.platform_id, row.account) == ("sent", "wx-1", "bot")


async def test_a_refusal_fails_a_doubt_stays_a_doubt(talk: Talk) -> None:
    talk.chat.refuse_next("不是好友")
    talk.chat.doubt_next("超时")
    talk.chat.fail_next(RuntimeError("boom"))
    talk.queue("one", "two", "three", "four")
    await talk.drain()
    await talk.drain()
    assert talk.texts == ["four"]
    assert talk.states() == [("failed", "不是好友"), ("unknown", "超时"), ("unknown", "RuntimeError"), ("sent", "")]


async def test_a_welcome_brings_its_picture_along_and_a_refused_one_fails_alone(talk: Talk) -> None:
    talk.room.house.campaigns = Campaigns(attachments=Attachments({"群规": Image("群规", "a.png")}, "群规"))
    for talk.chat.unshowable in (False, True):
        talk.room.join(f"新人{talk.chat.unshowable}")
        talk.room.wait(10 * MINUTE)
        await talk.drain()
    assert [text for text in talk.texts if text.startswith("image")] == ["image:群规"]
    assert [row.kind for row in talk.room.rows() if row.status == "sent"] == ["welcome", "image", "welcome"]
    assert talk.states("image") == [("sent", ""), ("failed", "网关不支持")]


async def test_what_a_crash_cut_off_is_never_sent_again(talk: Talk) -> None:
    talk.chat.fail_next(asyncio.CancelledError())  # type: ignore[arg-type]
    talk.queue("one", "two")
    with pytest.raises(asyncio.CancelledError):
        await talk.drain()
    reborn = Talk(talk.room)
    assert await reborn.pump.recover(talk.room.clock.at) == 1
    await reborn.drain()
    assert reborn.texts == ["two"]
    assert [status for status, _ in talk.states()] == ["unknown", "sent"]


async def test_nothing_is_claimed_while_the_account_is_not_logged_in(talk: Talk) -> None:
    talk.queue("one")
    talk.chat.account = None
    await talk.drain()
    assert [status for status, _ in talk.states()] == ["queued"]


async def test_drain_says_when_to_look_again(talk: Talk) -> None:
    room = talk.room
    room.join("小李")
    assert await talk.drain() == room.clock.at + 10 * MINUTE
    room.wait(10 * MINUTE)
    await talk.drain()
    assert talk.chat.sent[0].mentions == ("小李",)
    assert talk.chat.sent[0].to.id == GROUP


def flood(room: Room, member: str, start: int = 0) -> None:
    for number in range(22):
        room.say(member, f"今天第{start + number}次说一句不一样的话{chr(0x4E00 + 37 * (start + number))}")


async def test_a_warning_counts_from_its_delivery(talk: Talk) -> None:
    room = talk.room
    room.say("a", "大家好")
    room.befriend("a")
    flood(room, "a")
    flood(room, "a", 100)
    assert "restricted" not in {row.kind for row in room.rows()}, "a warning that was not delivered never counts"
    await talk.drain()
    (warning,) = (row for row in room.rows() if row.kind == "warning")
    assert warning.status == "sent"
    assert f"delivered:{warning.dedupe_key}" in room.database.read(
        lambda uow: uow.events.known([f"delivered:{warning.dedupe_key}"])
    )
    room.wait(60 * SECOND)
    flood(room, "a", 200)
    assert "restriction" in {row.kind for row in room.rows()}


async def test_a_warning_that_failed_or_is_in_doubt_does_not_count(talk: Talk) -> None:
    room = talk.room
    room.say("a", "大家好")
    room.befriend("a")
    talk.chat.doubt_next()
    flood(room, "a")
    await talk.drain()
    room.wait(60 * SECOND)
    flood(room, "a", 200)
    assert "restriction" not in {row.kind for row in room.rows()}


async def test_two_pumps_on_one_database_send_each_message_once(postgres_url: str) -> None:
    databases = [Database(postgres_url), Database(postgres_url)]
    houses = [house_on(database, HandClock(NOON)) for database in databases]
    chats = [FakeChat(), FakeChat()]
    for house, chat in zip(houses, chats, strict=True):
        house.chat = chat
    rows = [OutboxRow(f"k{n}", "x", "direct", f"p{n % 5}", f"k{n}", NOON, NOON) for n in range(20)]
    late = [replace_place(row, n) for n, row in enumerate(rows)]
    databases[0].write_sync(lambda uow: uow.outbox.add(rows + late))
    pumps = [Pump(house) for house in houses]
    for _ in range(3):
        await asyncio.gather(*(pump.drain(NOON) for pump in pumps))
    sent = [message.text for chat in chats for message in chat.sent]
    states = databases[0].read(lambda uow: uow.outbox.count_by_status())
    for database in databases:
        database.close()
    assert sorted(sent) == sorted(set(sent))
    assert len(sent) == 20, "the account's cap of an hour holds for both together"
    assert states == {"sent": 20, "queued": 20}


def replace_place(row: OutboxRow, number: int) -> OutboxRow:
    return row._replace(dedupe_key=f"late{number}", text=f"late{number}", not_before=NOON - 1, to_id=f"q{number}")


async def test_the_welcome_leaves_out_who_left(talk: Talk) -> None:
    room = talk.room
    room.join("小李", "小张")
    room.leave("小李")
    room.wait(10 * MINUTE)
    await talk.drain()
    assert [sent.mentions for sent in talk.chat.sent] == [("小张",)]
    assert "小李" not in talk.texts[0]


async def test_between_two_messages_the_bot_is_silent_for_a_while(talk: Talk) -> None:
    talk.pump = Pump(talk.room.house, iter([2 * SECOND, 3 * SECOND, SECOND]))
    talk.queue("one", "two", "three")
    at = talk.room.clock.at
    assert await talk.drain() == at + 2 * SECOND
    talk.room.clock.at = at + SECOND
    assert await talk.drain() == at + 2 * SECOND
    assert talk.texts == ["one"]
    talk.room.clock.at = at + 2 * SECOND
    assert await talk.drain() == at + 5 * SECOND
    talk.room.clock.at = at + 5 * SECOND
    assert await talk.drain() is None
    assert talk.texts == ["one", "two", "three"]


def test_pauses_differ_as_a_persons_do_and_stay_within_bounds() -> None:
    spans = list(islice(human(7), 500))
    assert spans == list(islice(human(7), 500)) != list(islice(human(8), 500))
    assert all(SHORTEST * SECOND <= span <= LONGEST * SECOND for span in spans)
    assert len(set(spans)) > 400
