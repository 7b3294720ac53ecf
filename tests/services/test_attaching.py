"""What a message brings along goes right behind it, counts for the caps, and stays unsaid where the message does."""

from __future__ import annotations

import pytest

from bot.core.attachments import Attachments, Image, Link
from bot.core.instants import DAY, HOUR, MINUTE, SECOND
from bot.core.journal import Plan
from bot.core.ruleset import OutreachRules
from bot.services import delivery
from storage.database import Database
from storage.rows import OutboxRow
from tests.services.mouth import NOON, Mouth, joined

KNOWN = {"群规": Image("群规", "rules.png"), "报名": Link("报名", "https://example.com", "见面")}
OUT = NOON + 10 * MINUTE
"""When the welcome of a join at noon goes."""


def equipped(database: Database, rules: OutreachRules | None = None, mode: str = "auto") -> Mouth:
    mouth = Mouth(database, rules, mode)
    mouth.attachments = Attachments(KNOWN, welcome="群规")
    mouth.person("a")
    mouth.person("b")
    return mouth


@pytest.fixture
def mouth(sqlite_database: Database) -> Mouth:
    return equipped(sqlite_database)


def campaign(member: str, at: int = NOON) -> Plan:
    detail = {"text": "周六见", "attachment": "报名"}
    return Plan(at, "campaign", member, f"campaign:1:{member}:{at}", None, detail)


def ended(row: OutboxRow) -> tuple[str, str]:
    return row.status, row.reason


def test_a_welcome_and_its_picture_are_one_push_of_the_group(database: Database) -> None:
    mouth = equipped(database)
    mouth.plan(joined("a", 0), joined("b", 5))
    assert [row.kind for row in mouth.send(OUT)] == ["welcome", "image"]
    assert mouth.one("image").text == "［图片］群规"
    assert mouth.one("image").member is None and mouth.one("welcome").mentions == ["a", "b"]
    mouth.plan(joined("b", 9.5))
    assert mouth.send(OUT + 10 * MINUTE - 1) == [], "the picture, too, keeps the next push of the group away"
    assert [row.kind for row in mouth.send(OUT + 10 * MINUTE)] == ["welcome", "image"]


def test_who_joins_while_a_welcome_waits_shares_its_picture(mouth: Mouth) -> None:
    mouth.plan(joined("a", 0))
    mouth.plan(joined("b", 5))
    assert [row.kind for row in [*mouth.send(OUT), *mouth.send(OUT + SECOND)]] == ["welcome", "image"]


def test_a_push_to_a_person_counts_once_for_him_and_twice_for_the_account(sqlite_database: Database) -> None:
    mouth = equipped(sqlite_database, OutreachRules(account_hourly=3, member_pushes=2))
    mouth.plan(campaign("a"), campaign("b"))
    assert [(row.kind, row.member) for row in mouth.send(NOON)] == [("campaign", "a"), ("link", "a"), ("campaign", "b")]
    assert [(row.kind, row.member) for row in mouth.send(NOON + HOUR)] == [("link", "b")]
    mouth.plan(campaign("a", NOON + DAY))
    assert [row.kind for row in mouth.send(NOON + DAY)] == ["campaign", "link"]


def test_it_stays_unsaid_where_its_message_does(mouth: Mouth) -> None:
    mouth.plan(campaign("a"), campaign("b"))
    mouth.unsubscribe("a", NOON)
    row = mouth.claim(NOON)
    assert row is not None and row.member == "b"
    mouth.write(lambda uow: uow.outbox.settle(row.id, "failed", "对方不是好友", now=NOON))
    assert mouth.send(NOON + MINUTE) == []
    assert [ended(link) for link in mouth.rows("link")] == [("cancelled", "正文没有发出")] * 2


def test_who_unsubscribes_between_the_two_gets_no_second(mouth: Mouth) -> None:
    mouth.plan(campaign("a"))
    row = mouth.claim(NOON)
    assert row is not None
    mouth.write(lambda uow: uow.outbox.settle(row.id, "sent", "", "wx", now=NOON))
    mouth.unsubscribe("a", NOON)
    assert mouth.send(NOON + 1) == []
    assert ended(mouth.one("link")) == ("cancelled", "没有推送授权")


def test_an_attachment_that_is_no_longer_known_is_not_sent(mouth: Mouth) -> None:
    mouth.plan(joined("a", 0))
    mouth.attachments = Attachments()
    assert [row.kind for row in mouth.send(OUT)] == ["welcome"]
    assert ended(mouth.one("image")) == ("cancelled", "没有这个附件")


@pytest.mark.parametrize("mode", ["observe", "assist"])
def test_the_mode_holds_for_both(sqlite_database: Database, mode: str) -> None:
    mouth = equipped(sqlite_database, mode=mode)
    mouth.plan(campaign("a"))
    assert mouth.send(NOON) == []
    if mode == "observe":
        assert [row.status for row in mouth.rows()] == ["withheld", "withheld"]
        return
    ids = [row.id for row in mouth.database.read(delivery.list_awaiting)]
    assert len(ids) == 2, "each can be refused by itself"
    mouth.write(lambda uow: delivery.release(uow, ids, NOON))
    assert [row.kind for row in mouth.send(NOON)] == ["campaign", "link"]
