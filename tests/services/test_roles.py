"""Roles follow the log by time, settings make directors, and the one-time code makes the first."""

from __future__ import annotations

from collections.abc import Callable
from itertools import permutations
from zoneinfo import ZoneInfo

import pytest

from bot.core.events import Event
from bot.core.instants import DAY, HOUR, MONTH
from bot.core.ruleset import RuleSet
from bot.core.world import RuleVersion, World
from bot.services import intake, roles
from bot.services.context import Context
from bot.services.intake import Arrival, Prepared
from storage.database import Database
from storage.unit_of_work import UnitOfWork

NOW = 1_700_000_000_000_000
WORLD = World(ZoneInfo("Asia/Shanghai"), (RuleVersion(0, 1, RuleSet()),))


def word(type_: str, at: int, role: str = "管理员", **body: object) -> Event:
    return Event(type_, f"{type_}{at}", at, "wang", None, {"role": role, **body})


def take(database: Database, events: tuple[Event, ...]) -> None:
    def unit(uow: UnitOfWork) -> None:
        for event in events:
            intake.record(uow, [Prepared(event)], Context(lambda uow: WORLD), Arrival(NOW))
            roles.apply(uow, event)

    database.write_sync(unit)


def held(database: Database, at: int) -> list[str]:
    return database.read(lambda uow: roles.held(uow, "wang", at))


def test_a_term_ends(database: Database) -> None:
    take(database, (word("grant", NOW, months=3),))
    assert held(database, NOW) == ["管理员"]
    assert held(database, NOW + 3 * MONTH - 1) == ["管理员"]
    assert held(database, NOW + 3 * MONTH) == []
    assert held(database, NOW - 1) == []


def test_without_a_word_an_admin_serves_six_months_and_a_director_on(sqlite_database: Database) -> None:
    take(sqlite_database, (word("grant", NOW), word("grant", NOW + 1, "运营总监")))
    assert held(sqlite_database, NOW + 6 * MONTH) == ["运营总监"]


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_latest_word_stands_in_any_order(sqlite_database: Database, order: tuple[int, ...]) -> None:
    said = (word("grant", NOW, months=3), word("revoke", NOW + DAY), word("grant", NOW + 2 * DAY, months=4))
    take(sqlite_database, tuple(said[place] for place in order))
    assert held(sqlite_database, NOW + 2 * DAY + 4 * MONTH - 1) == ["管理员"]
    assert held(sqlite_database, NOW + DAY) == []


def test_of_two_at_once_the_revocation_counts(sqlite_database: Database) -> None:
    take(sqlite_database, (word("revoke", NOW), word("grant", NOW)))
    assert held(sqlite_database, NOW) == []


def test_a_backup_has_no_rights_by_itself(sqlite_database: Database) -> None:
    take(sqlite_database, (word("grant", NOW, backup=True),))
    assert held(sqlite_database, NOW) == []


@pytest.mark.parametrize(("role", "reach"), [("观察员", 1), ("管理员", 2), ("运营总监", 3)])
def test_each_role_has_the_rights_below_it(sqlite_database: Database, role: str, reach: int) -> None:
    take(sqlite_database, (word("grant", NOW, role),))
    may = sqlite_database.read(lambda uow: [roles.may(uow, "wang", NOW, needed) for needed in roles.ROLES])
    assert may == [place < reach for place in range(3)]


def test_settings_make_directors_and_unmake_them(sqlite_database: Database) -> None:
    write = sqlite_database.write_sync
    assert write(lambda uow: roles.first_director(uow, ("wang",), NOW)) is None
    assert held(sqlite_database, NOW) == ["运营总监"]
    assert write(lambda uow: roles.first_director(uow, ("li",), NOW + 1)) is None
    assert held(sqlite_database, NOW + 1) == []


@pytest.fixture
def code(sqlite_database: Database) -> str:
    made = sqlite_database.write_sync(lambda uow: roles.first_director(uow, (), NOW))
    assert made is not None
    return made


def claim(database: Database, text: str, at: int = NOW) -> str:
    letters = roles.read_code(text)
    assert letters is not None
    return database.write_sync(lambda uow: roles.claim(uow, "wang", letters, at))


def test_only_a_hash_of_the_code_is_kept(sqlite_database: Database, code: str) -> None:
    kept = sqlite_database.read(lambda uow: uow.deployment.get(roles.CODE))
    assert kept is not None
    assert roles.read_code(code) not in kept


@pytest.mark.parametrize("typed", [str.lower, lambda code: f"  {code}\n", lambda code: code.replace("-", "")])
def test_a_code_may_be_typed_in_many_ways(sqlite_database: Database, code: str, typed: Callable[[str], str]) -> None:
    assert claim(sqlite_database, typed(code)) == "claimed"
    assert not sqlite_database.read(roles.is_waiting)


@pytest.mark.parametrize("text", ["", "QB", "你好", "QB-1234-56789", "QB-1234-567 ", "x QB-1234-5678", "Q" * 10_000])
def test_other_texts_are_no_code(text: str) -> None:
    assert roles.read_code(text) is None


def test_a_code_dies_with_its_use_and_with_a_new_one(sqlite_database: Database, code: str) -> None:
    newer = sqlite_database.write_sync(lambda uow: roles.first_director(uow, (), NOW + 1))
    assert claim(sqlite_database, code) == "wrong"
    assert claim(sqlite_database, str(newer)) == "claimed"
    assert claim(sqlite_database, str(newer)) == "wrong"


def test_guessing_is_limited_and_audited(sqlite_database: Database, code: str) -> None:
    assert [claim(sqlite_database, "QB-AAAA-AAAA", NOW + n) for n in range(5)] == ["wrong"] * 5
    assert claim(sqlite_database, code, NOW + 6) == "limited"
    assert len(sqlite_database.read(lambda uow: uow.audit.page(subject="wang"))) == 6
    assert claim(sqlite_database, code, NOW + HOUR + 7) == "claimed"
