"""Friend requests: so many a day and account, none where a person decides."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.instants import DAY, HOUR, Instant, parse_instant
from bot.core.ruleset import OutreachRules
from bot.services import befriending, delivery
from storage.database import Database

SHANGHAI = ZoneInfo("Asia/Shanghai")
EVENING = parse_instant("2026-03-02T23:30:00+08:00")


def take(database: Database, at: Instant = EVENING, account: str = "bot") -> bool:
    return database.write_sync(lambda uow: befriending.take_one(uow, at, SHANGHAI, account))


def test_twenty_a_day_of_the_local_calendar_and_for_each_account(database: Database) -> None:
    assert [take(database) for _ in range(22)] == [True] * 20 + [False] * 2
    assert take(database, account="another")
    assert take(database, EVENING + HOUR)


def test_none_unless_the_bot_may_act_by_itself(database: Database) -> None:
    for mode in ("observe", "assist"):
        database.write_sync(lambda uow, mode=mode: uow.deployment.put(delivery.MODE, mode))  # type: ignore[misc]
        assert not take(database)
    database.write_sync(lambda uow: uow.deployment.put(delivery.MODE, "auto"))
    assert take(database)


def test_none_while_the_platform_says_too_much(database: Database) -> None:
    database.write_sync(lambda uow: delivery.throttle(uow, EVENING, OutreachRules()))
    assert not take(database)
    assert take(database, EVENING + DAY)
