"""Standing campaigns: told at the evaluation, again after their repeat, with codes given once and answered once."""

from __future__ import annotations

from typing import Any

import pytest

from bot.core.campaigns import Campaign, Campaigns, Pool
from bot.core.conditions import read_condition
from bot.core.events import Event
from bot.core.instants import DAY, HOUR, Instant
from bot.services import delivery, erasure
from bot.services.delivery import Terms
from bot.services.intake import Prepared
from handlers.outbox import Pump
from handlers.sweeping import run_sweep
from handlers.turn import record
from storage.rows import OutboxRow
from tests.fakes import FakeChat
from tests.handlers.room import GROUP, NOON, Room

MORNING = NOON + 16 * HOUR
"""Four o'clock, the hour of the evaluation."""


def fact(room: Room, type_: str, member: str, at: Instant | None = None, **body: Any) -> None:
    at = room.clock.at if at is None else at
    event = Event(type_, f"{type_}:{member}:{at}:{sorted(body)}", at, member, GROUP, body)
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(event)]))


def sweep(room: Room, at: Instant) -> None:
    room.clock.at = at
    room.house.refresh()
    run_sweep(room.house, at, lambda behind: None)


def send(room: Room, at: Instant) -> list[OutboxRow]:
    """What goes at an instant."""
    terms = Terms(
        room.database.read(room.house.rules).outreach,
        room.house.zone,
        room.house.messages.text,
        "bot",
        room.house.campaigns,
    )
    gone: list[OutboxRow] = []
    while (row := room.database.write_sync(lambda uow: delivery.next_claim(uow, at, terms))) is not None:
        room.database.write_sync(lambda uow, id_=row.id: uow.outbox.settle(id_, "sent", now=at))  # type: ignore[misc]
        gone.append(row)
    return [row for row in gone if row.kind in ("campaign", "recall")]


def responses(room: Room, member: str) -> list[bool]:
    rows = room.database.read(lambda uow: list(uow.events.of_members([member], None, room.clock.at + DAY)))
    return ['"responded":true' in row.body for row in rows if row.type == "promotion"]


def campaigns_of(room: Room, *codes: str, days: int = 10, recall: bool = False) -> Campaigns:
    condition, _ = read_condition("阶段=引入期 或 阶段=沉默期", room.house.catalogue.find)
    pools = {"春": Pool("春", codes, days)}
    if recall:
        return Campaigns((), pools, "春")
    text = "凭 {coupon} 来，{until}前有效" if codes else "周六见"
    return Campaigns((Campaign("见面", condition, text, 20, "春" if codes else None),), pools)


@pytest.fixture
def people(any_room: Room) -> Room:
    """Two friends who agreed to pushes, one who is no friend, one who agreed to nothing."""
    room = any_room
    for member in ("a", "b", "stranger", "no"):
        room.join(member)
        if member != "stranger":
            room.befriend(member)
        if member != "no":
            fact(room, "consent", member, purposes=["marketing"], granted=True)
    room.deliver()
    return room


def test_told_after_the_quiet_hours_and_again_after_the_repeat(people: Room) -> None:
    people.house.campaigns = campaigns_of(people)
    sweep(people, MORNING)
    assert send(people, MORNING) == [], "it is night"
    gone = send(people, MORNING + 4 * HOUR)
    assert [row.member for row in gone] == ["a", "b"]
    assert all("退订" in row.text for row in gone)
    for day in (1, 10, 19):
        sweep(people, MORNING + day * DAY)
        assert send(people, MORNING + day * DAY + 4 * HOUR) == []
    sweep(people, MORNING + 20 * DAY)
    assert [row.member for row in send(people, MORNING + 20 * DAY + 4 * HOUR)] == ["a", "b"]


def test_a_code_is_given_once_and_who_comes_too_late_hears_nothing(people: Room) -> None:
    people.house.campaigns = campaigns_of(people, "C1")
    sweep(people, MORNING)
    (row,) = send(people, MORNING + 4 * HOUR)
    assert "凭 C1 来， 2026-03-13 前有效" in row.text
    left = [one for one in people.rows() if one.kind == "campaign" and one.status == "cancelled"]
    assert [one.reason for one in left] == ["优惠码已发完"]


def test_its_use_is_the_response_and_running_out_is_none(people: Room) -> None:
    people.house.campaigns = campaigns_of(people, "C1", "C2")
    sweep(people, MORNING)
    send(people, MORNING + 4 * HOUR)
    people.clock.at = MORNING + 2 * DAY
    fact(people, "order", "a", order="o0", amount_yuan=9900)
    assert responses(people, "a") == [], "an order without the promotion"
    for number in (1, 2):
        people.clock.at += HOUR
        fact(people, "order", "a", order=f"o{number}", amount_yuan=9900, promotion=True)
    assert responses(people, "a") == [True], "once"
    sweep(people, MORNING + 9 * DAY)
    assert responses(people, "b") == []
    sweep(people, MORNING + 11 * DAY)
    assert (responses(people, "a"), responses(people, "b")) == ([True], [False])
    assert ("消费能力/价格敏感度", "响应率>80%") in people.tags("a")


def test_who_is_forgotten_leaves_no_code_but_it_stays_given(people: Room) -> None:
    people.house.campaigns = campaigns_of(people, "C1", "C2")
    sweep(people, MORNING)
    send(people, MORNING + 4 * HOUR)
    people.database.write_sync(lambda uow: erasure.forget(uow, "a", people.clock.at))
    assert people.database.read(lambda uow: uow.coupons.unanswered(["a"])) == []
    assert people.database.read(lambda uow: uow.coupons.given("春")) == {"C1", "C2"}


def test_a_recall_carries_a_code_where_a_pool_is_named(people: Room) -> None:
    people.house.campaigns = campaigns_of(people, "R1", "R2", "R3", recall=True)
    for day in range(1, 33):
        sweep(people, MORNING + day * DAY)
    gone = send(people, MORNING + 32 * DAY + 4 * HOUR)
    recalls = [row for row in gone if row.kind == "recall"]
    assert recalls
    assert all("优惠券：R" in row.text and "{" not in row.text for row in recalls)


def test_a_recall_goes_without_a_code_when_all_are_gone(people: Room) -> None:
    people.house.campaigns = campaigns_of(people, "R1", recall=True)
    for day in range(1, 33):
        sweep(people, MORNING + day * DAY)
    texts = [row.text for row in send(people, MORNING + 32 * DAY + 4 * HOUR) if row.kind == "recall"]
    assert ["R1" in text for text in texts] == [True, False]
    assert not any("{" in text for text in texts)


async def test_the_code_of_a_message_that_never_left_is_free_again(people: Room) -> None:
    people.house.campaigns = campaigns_of(people, "C1", "C2")
    chat = people.house.chat = FakeChat()
    sweep(people, MORNING)
    people.clock.at = MORNING + 4 * HOUR
    chat.refuse_next("不是好友")
    await Pump(people.house).drain(people.clock.at)
    assert people.database.read(lambda uow: uow.coupons.given("春")) == {"C1"}
    assert [sent.text.count("C1") for sent in chat.sent if "凭" in sent.text] == [1]
