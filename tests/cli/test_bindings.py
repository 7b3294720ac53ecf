"""Bound accounts through the command line: orders under one are its owner's, in any order of arrival."""

from __future__ import annotations

import random
from itertools import pairwise
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from alembic import command
from alembic.config import Config

from bot.core.instants import DAY, HOUR, Instant, iso, parse_instant
from storage.database import Database
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork
from tests.cli.conftest import Cli
from tests.cli.lines import GROUP, START, Line, line, write

END = START + 40 * DAY
Rows = dict[str, dict[str, Any]]


def people() -> list[Line]:
    return [line("join", f"j-{who}", START, who, name=who) for who in ("ann", "ben")]


def bind(who: str, at: Instant, account: str = "u-1", id_: str = "") -> Line:
    return line("bind", id_ or f"b-{who}-{at}", at, who, system="shop", external_id=account)


def purchases(buyer: str, written: str | None = None) -> list[Line]:
    """Every other one names the account as `written`."""
    buyers = (buyer, written or buyer)
    bought = [
        line("order", f"o{n}", START + (5 * n + 2) * DAY, buyers[n % 2], order=f"no-{n}", amount_yuan=300 + 90 * n)
        for n in range(6)
    ]
    offered = line("promotion", "p1", START + 9 * DAY, buyers[0], promotion="spring", responded=True)
    return [*bought, line("refund", "r1", START + 20 * DAY, buyers[1], order="no-1"), offered]


def take(cli: Cli, folder: Path, lines: list[Line], name: str = "lines") -> None:
    assert cli("events", write(folder / f"{name}.jsonl", lines), "--json").document["rejected"] == 0


def members(cli: Cli, *more: str) -> Rows:
    return {row["member"]: row for row in cli("members", *more, "--json").lines}


def swept(cli: Cli, at: Instant = END) -> Rows:
    assert cli("sweep", "--as-of", iso(at)).code == 0
    return members(cli)


def spends(row: dict[str, Any]) -> bool:
    return any(tag["path"].startswith("消费能力/") for tag in row["tags"])


@pytest.fixture
def own(run: Cli, tmp_path: Path) -> Rows:
    """What comes of it when the orders carry the member's own id."""

    def cli(*arguments: object) -> Any:
        return run("--db", f"sqlite:///{tmp_path / 'own.db'}", *arguments)

    take(cli, tmp_path, [*people(), *purchases("ann"), bind("ann", START + 17 * DAY, "nobody")])
    rows = swept(cli)
    assert spends(rows["ann"]) and not spends(rows["ben"])
    return rows


@pytest.mark.parametrize("seed", range(2))
def test_earlier_and_later_orders_in_any_order_and_any_cut(own: Rows, each_cli: Cli, tmp_path: Path, seed: int) -> None:
    lines = [*people(), *purchases("u-1", "shop:u-1"), bind("ann", START + 17 * DAY)]
    chance = random.Random(seed)
    chance.shuffle(lines)
    cuts = [0, *sorted(chance.sample(range(1, len(lines)), 3)), len(lines)]
    for place, (begin, end) in enumerate(pairwise(cuts)):
        take(each_cli, tmp_path, lines[begin:end], f"part{place}")
        rows = swept(each_cli, START + (10 + 10 * place) * DAY)
    assert rows == own
    assert each_cli("rebuild", "--json").document["changed"] == 0


def test_until_it_is_bound_the_account_is_a_member(cli: Cli, own: Rows, tmp_path: Path) -> None:
    take(cli, tmp_path, [*people(), *purchases("u-1")])
    assert spends(swept(cli)["u-1"])
    assert "u-1" in members(cli, "--group", GROUP)
    take(cli, tmp_path, [bind("ann", START + 17 * DAY)])
    assert "u-1" not in members(cli)
    sweep = cli("sweep", "--as-of", iso(END + HOUR), "--json").document
    assert "u-1" not in str(sweep)
    assert cli("why", "u-1", "消费能力/等级").code != 0
    assert [tag["path"] for tag in members(cli)["ann"]["tags"]] == [tag["path"] for tag in own["ann"]["tags"]]


@pytest.mark.parametrize("late", [False, True])
def test_the_last_bind_has_it(each_cli: Cli, own: Rows, tmp_path: Path, late: bool) -> None:
    binds = [bind("ben", START + 3 * DAY), bind("ann", START + 17 * DAY)]
    first, second = reversed(binds) if late else binds
    take(each_cli, tmp_path, [*people(), *purchases("u-1"), first])
    assert spends(swept(each_cli, START + 35 * DAY)["ann" if late else "ben"])
    take(each_cli, tmp_path, [second])
    rows = swept(each_cli)
    assert rows == own
    assert each_cli("rebuild", "--json").document["changed"] == 0


def test_of_two_at_one_instant_the_greater_id_has_it(cli: Cli, tmp_path: Path) -> None:
    binds = [bind("ann", START + DAY, id_="b2"), bind("ben", START + DAY, id_="b1")]
    take(cli, tmp_path, [*people(), *purchases("u-1"), *binds])
    rows = swept(cli)
    assert spends(rows["ann"]) and not spends(rows["ben"])


def test_of_a_person_only_the_orders_go_over(each_cli: Cli, tmp_path: Path) -> None:
    said = line("message", "m1", START + HOUR, "u-1", text="早上好，今天有什么安排吗")
    take(each_cli, tmp_path, [*people(), *purchases("u-1"), said])
    assert spends(swept(each_cli, START + 35 * DAY)["u-1"])
    take(each_cli, tmp_path, [bind("ann", START + 17 * DAY)])
    rows = swept(each_cli)
    assert spends(rows["ann"]) and not spends(rows["u-1"])
    assert rows["u-1"]["joined_at"] == iso(parse_instant(said["at"]), ZoneInfo("Asia/Shanghai"))
    assert each_cli("rebuild", "--json").document["changed"] == 0


def test_who_binds_himself_again_has_his_orders_back(cli: Cli, tmp_path: Path) -> None:
    take(cli, tmp_path, [*people(), *purchases("ben"), bind("ann", START + DAY, "ben")])
    rows = swept(cli, START + 35 * DAY)
    assert spends(rows["ann"]) and not spends(rows["ben"])
    take(cli, tmp_path, [bind("ben", START + 2 * DAY, "ben")])
    rows = swept(cli)
    assert spends(rows["ben"]) and not spends(rows["ann"])


def test_who_is_forgotten_takes_his_orders_along(each_cli: Cli, tmp_path: Path) -> None:
    lines = [*people(), *purchases("u-1", "shop:u-1"), bind("ann", START + DAY)]
    take(each_cli, tmp_path, lines)
    swept(each_cli, START + 35 * DAY)
    assert each_cli("erase", "ann", "--json").document["events"] == len(lines) - 1
    more = line("order", "o9", START + 36 * DAY, "u-1", order="no-9", amount_yuan=50)
    refused = each_cli("events", write(tmp_path / "more.jsonl", [more]), "--json").document
    assert (refused["new"], refused["rejected"]) == (0, 1)
    assert set(swept(each_cli)) == {"ben"}
    take(each_cli, tmp_path, [bind("ben", END), {**more, "id": "o10"}])
    rows = swept(each_cli, END + DAY)
    assert set(rows) == {"ben"} and spends(rows["ben"])


def taken_back(uow: UnitOfWork, revision: str) -> None:
    """Make the database one of an older program."""
    configuration = Config()
    configuration.set_main_option("script_location", "storage:migrations")
    configuration.attributes["connection"] = uow.connection
    command.downgrade(configuration, revision)


def test_binds_of_an_older_database_count_from_the_migration_on(
    each_cli: Cli, database_url: str, own: Rows, tmp_path: Path
) -> None:
    take(each_cli, tmp_path, [*people(), *purchases("u-1", "shop:u-1")])
    swept(each_cli, START + 35 * DAY)
    database = Database(database_url)
    body = '{"system":"shop","external_id":"u-1"}'
    bound = EventRow("b-ann", "bind", START + 17 * DAY, "ann", GROUP, body)
    database.write_sync(lambda uow: uow.events.add([bound]))
    database.write_sync(lambda uow: taken_back(uow, "0012"))
    database.close()
    assert each_cli("migrate").code == 0
    assert swept(each_cli) == own
