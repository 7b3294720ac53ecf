"""Accounts in the database: a new id of the same process is the same account, a foreign one is not."""

from __future__ import annotations

from bot.core.instants import HOUR, SECOND
from bot.core.ruleset import OutreachRules
from bot.services import accounts, delivery
from bot.services.accounts import FRESH
from storage.database import Database
from storage.unit_of_work import UnitOfWork
from tests.services.mouth import NOON


def furnish(uow: UnitOfWork) -> None:
    for account, owner in (("甲", "一"), ("乙", "二")):
        accounts.log_in(uow, account, account, owner, NOON)
        accounts.sit(uow, account, ["群"], NOON)
        uow.accounts.befriend(account, ["小王"], NOON + (account == "乙"))


def speakers(database: Database, now: int) -> dict[str, frozenset[str]]:
    def look(uow: UnitOfWork) -> dict[str, frozenset[str]]:
        return {row.account: accounts.serving(uow, row.account, row.owner, now).groups for row in uow.accounts.all()}

    return database.read(look)


def test_a_new_id_at_a_login_keeps_the_friends_and_asks_for_the_groups_anew(sqlite_database: Database) -> None:
    sqlite_database.write_sync(furnish)
    sqlite_database.write_sync(lambda uow: accounts.log_in(uow, "甲二", "甲", "一", NOON + HOUR))
    rows = sqlite_database.read(lambda uow: [(row.account, row.owner) for row in uow.accounts.all()])
    assert rows == [("乙", "二"), ("甲二", "一")]
    assert sqlite_database.read(lambda uow: [seat.account for seat in uow.accounts.seats()]) == ["乙"]
    assert sqlite_database.write_sync(lambda uow: uow.accounts.unfriend("乙", "小王")), "he is the other's friend still"
    assert not sqlite_database.write_sync(lambda uow: uow.accounts.unfriend("甲二", "小王"))


def test_who_is_silent_for_ninety_seconds_has_no_word_also_by_a_clock_set_back(sqlite_database: Database) -> None:
    sqlite_database.write_sync(furnish)
    sqlite_database.write_sync(lambda uow: uow.accounts.beat("乙", NOON + FRESH))
    alive = sqlite_database.read(
        lambda uow: [[row.account for row in uow.accounts.all() if accounts.is_alive(row, at)] for at in TIMES]
    )
    assert alive == [["乙", "甲"], ["乙"], []]
    sqlite_database.write_sync(lambda uow: accounts.note_stopped(uow, "乙", NOON + FRESH, listened=True))
    assert speakers(sqlite_database, NOON + FRESH)["甲"] == {"群"}


TIMES = (NOON + FRESH - SECOND, NOON + FRESH, NOON - HOUR)


def test_each_account_is_stopped_by_its_own_notices(sqlite_database: Database) -> None:
    rules = OutreachRules()
    sqlite_database.write_sync(lambda uow: delivery.throttle(uow, NOON, rules, "甲"))
    stopped = sqlite_database.read(lambda uow: [delivery.throttled(uow, NOON + 1, one) for one in ("甲", "乙", None)])
    assert stopped == [NOON + 12 * HOUR, None, None]
