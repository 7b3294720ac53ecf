"""`make crash`: the story is told again and again, and the bot is killed with SIGKILL at every step of its work.

After each death, and at the end of each story, what the group heard from the bot and what stands in the database are
held against each other, and against a story without deaths.
"""

from __future__ import annotations

import argparse
import logging
import signal
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.localgroup.clock import LocalClock
from handlers.faults import POINTS
from storage.database import Database
from storage.rows import RoleRow
from tests.crash import judge
from tests.crash.gateway_stage import LINE, gateway_of
from tests.crash.judge import Outcome
from tests.crash.life import Build, Fuse, Record, spend
from tests.crash.local_stage import LocalStage
from tests.crash.story import BEGIN, DIRECTOR
from tests.handlers.room import house_on
from tests.postgres import Postgres
from tests.wechat.gateway.node import missing

MOST_LIVES = 300
"""A story that takes more lives than this does not come to an end."""


@dataclass
class Tally:
    """What one kind of database went through."""

    deaths: Counter[str] = field(default_factory=Counter)
    stories: int = 0
    unknown: int = 0
    findings: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Server:
    """Databases to die on: `fresh` is empty but for the director's role."""

    url: str
    postgres: Postgres | None = None

    def fresh(self) -> str:
        if self.postgres is None:
            for file in Path(self.url.removeprefix("sqlite:///")).parent.glob("crash.db*"):
                file.unlink()
        database = Database(self.url)
        database.migrate()
        if self.postgres is not None:
            self.postgres.empty(self.url)
        database.write_sync(lambda uow: uow.roles.grant(RoleRow(DIRECTOR, "运营总监", 0)))
        database.close()
        return self.url


@contextmanager
def servers(kinds: list[str]) -> Iterator[dict[str, Server]]:
    with ExitStack() as stack:
        found: dict[str, Server] = {}
        if "sqlite" in kinds:
            folder = stack.enter_context(tempfile.TemporaryDirectory())
            found["sqlite"] = Server(f"sqlite:///{folder}/crash.db")
        if "postgresql" in kinds:
            postgres = Postgres()
            stack.callback(postgres.stop)
            found["postgresql"] = Server(postgres.create(), postgres)
        yield found


def warm_up(url: str) -> None:
    """Load dictionary and word lists once; every life is a fork that has them."""
    database = Database(url)
    house_on(database, LocalClock(BEGIN, still=True)).reader.read("热身")  # type: ignore[arg-type]
    database.close()


Platform = Callable[[Record], AbstractContextManager[Build]]
"""Where a story is told."""


def embedded(record: Record) -> AbstractContextManager[Build]:
    """The embedded group, which is made anew for each life."""
    return nullcontext(LocalStage)


def undisturbed(server: Server, platform: Platform) -> Outcome:
    """The story without a death, which itself must stand before the judge."""
    with tempfile.TemporaryDirectory() as folder, platform(record := Record(Path(folder))) as build:
        url = server.fresh()
        if spend(url, record, None, build):
            raise SystemExit("故事本身演不完")
        found = judge.look(url)
        if wrong := list(judge.at_the_end(found, record, found, url)):
            raise SystemExit("\n".join(wrong))
        return found


def tell(server: Server, platform: Platform, reference: Outcome, seed: int, most: int, tally: Tally) -> None:
    """One story with deaths, `most` at the most."""
    with tempfile.TemporaryDirectory() as folder, platform(record := Record(Path(folder))) as build:
        url = server.fresh()
        for life in range(MOST_LIVES):
            ended = spend(url, record, Fuse(seed, life, record.deaths()) if life < most else None, build)
            if ended == 0:
                break
            if ended != -signal.SIGKILL:
                tally.findings.append(f"故事 {seed} 第 {life + 1} 条命：没有被杀却倒下（{ended}）")
                return
            where = record.deaths()[-1]
            tally.findings += [
                f"故事 {seed} 死于 {where}：{wrong}" for wrong in judge.after_death(judge.look(url), record)
            ]
        else:
            tally.findings.append(f"故事 {seed}：{MOST_LIVES} 条命也没演完")
            return
        found = judge.look(url)
        tally.findings += [f"故事 {seed} 结束：{wrong}" for wrong in judge.at_the_end(found, record, reference, url)]
        tally.deaths += Counter(record.deaths())
        tally.stories += 1
        tally.unknown += found.unknown()


def harass(server: Server, platform: Platform, crashes: int) -> Tally:
    """Stories until the bot has died `crashes` times."""
    reference, tally = undisturbed(server, platform), Tally()
    while tally.deaths.total() < crashes and not tally.findings:
        tell(server, platform, reference, tally.stories + 1, crashes - tally.deaths.total(), tally)
    return tally


def show(tallies: dict[str, Tally]) -> None:
    table = Table("故障点", *tallies, title="在每一步被 SIGKILL 的次数")
    for point in POINTS:
        table.add_row(point, *(str(tally.deaths[point]) for tally in tallies.values()))
    table.add_section()
    table.add_row("合计", *(str(tally.deaths.total()) for tally in tallies.values()))
    table.add_row("故事", *(str(tally.stories) for tally in tallies.values()))
    table.add_row("不明的消息（都已报告）", *(str(tally.unknown) for tally in tallies.values()))
    table.add_row("违反不变量", *(str(len(tally.findings)) for tally in tallies.values()))
    Console(width=100).print(table)


def main() -> int:
    parser = argparse.ArgumentParser(prog="make crash")
    parser.add_argument("--crashes", type=int, default=210, help="how often the bot is killed on each database")
    parser.add_argument("--on", choices=["sqlite", "postgresql"], action="append", help="default: both")
    parser.add_argument("--gateway", action="store_true", help="through a real gateway instead of the embedded group")
    asked = parser.parse_args()
    if asked.gateway and (why := missing(LINE)):
        sys.stdout.write(why + "\n")
        return 0
    logging.disable(logging.WARNING)  # each life reports what the last one left unknown; the table counts it
    with servers(asked.on or ["sqlite", "postgresql"]) as found:
        warm_up(next(iter(found.values())).fresh())
        platform = gateway_of if asked.gateway else embedded
        tallies = {kind: harass(server, platform, asked.crashes) for kind, server in found.items()}
    show(tallies)
    findings = [f"{kind} {wrong}" for kind, tally in tallies.items() for wrong in tally.findings]
    for wrong in findings:
        sys.stdout.write(wrong + "\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
