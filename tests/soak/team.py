"""`python -m tests.soak.team`: two processes with accounts of their own, two real gateways, one PostgreSQL database.

Both hear the same groups; one is killed with SIGKILL and comes back, then the other. What everybody said must be kept
once, every answer given once, in each group by one account at a time.
"""

from __future__ import annotations

import argparse
import asyncio
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from functools import partial
from itertools import count
from pathlib import Path

from sqlalchemy import select

from bot.core.instants import SECOND, Instant, parse_instant
from bot.localgroup.clock import wall
from storage.database import Database
from storage.repositories.events import EVENTS
from storage.repositories.jobs import JOBS
from storage.unit_of_work import UnitOfWork
from tests.postgres import Postgres
from tests.soak.bot import Bot
from tests.soak.day import DIRECTOR
from tests.soak.life import FastClock
from tests.wechat.gateway.node import NodeGateway, missing, node_gateway

LINE, SPEED = "line0", 10
BEGIN = parse_instant("2026-03-02T03:45:00+08:00")
"""A quarter of an hour before the daily evaluation."""
SHARED, ONLY = ("群甲@chatroom", "群乙@chatroom"), "群丙@chatroom"
PEOPLE = tuple(f"书友{number}" for number in range(30))
APART = 0.05
"""Real seconds between one word and the next, and by which the second account hears it later at most."""
TALK = 12.0
"""Real seconds of each act: longer than an account is taken for alive that gives no sign (nine, at this speed)."""
STOPPING = 5.0
DONE = "完成"


@dataclass
class Member:
    """An account, its gateway and its process."""

    account: str
    gateway: NodeGateway
    bot: Bot

    def heard_in(self, group: str) -> list[str]:
        return [one["text"] for one in self.gateway.sent if one["to"] == group]


@dataclass
class Story:
    """What was said, and what was found wrong. sure: what a bot was there to hear from beginning to end."""

    team: tuple[Member, Member]
    url: str
    clock: FastClock
    said: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    sure: set[tuple[str, str, str]] = field(default_factory=set)
    wrong: list[str] = field(default_factory=list)
    late: Instant = 0
    """When the last act began: a job that fell due in it may have been cut off by the end."""
    speakers: list[tuple[str, dict[str, set[str]]]] = field(default_factory=list)
    _numbers: Iterator[int] = field(default_factory=count)

    async def act(self, name: str, *there: Member, sure: bool = True) -> None:
        """Talk for a while while these are there; who answered in which group is noted."""
        before = {one.account: len(one.gateway.sent) for one in self.team}
        until = wall() + round(TALK * SECOND)
        while wall() < until:
            self._say(there, sure)
            await asyncio.sleep(APART)
        for one in there:
            await one.bot.until(lambda told: told["behind"]["heard"] == told["behind"]["writing"] == 0)
        await asyncio.sleep(2)
        answered: dict[str, set[str]] = defaultdict(set)
        for one in self.team:
            for sent in one.gateway.sent[before[one.account] :]:
                answered[sent["to"]].add(one.account)
        self.speakers.append((name, answered))

    def _say(self, there: tuple[Member, ...], sure: bool) -> None:
        """Somebody says something, or asks one of the accounts; everybody in the group hears the same words."""
        number = next(self._numbers)
        person, group = PEOPLE[number % len(PEOPLE)], (*SHARED, ONLY)[number % 3]
        asks, called = number % 29 == 0, self.team[1 if group == ONLY else number % 2].account
        text = "我的标签" if asks else f"第{number}句：今天读到这里，明天接着读"
        self.said[person, group, text] += 1
        if sure and not asks and (group != ONLY or self.team[1] in there):
            self.sure.add((person, group, text))
        word = {"from": person, "room": group, "at": self.clock.now() // SECOND, "mentions": [called] if asks else []}
        word["text"] = f"@{called}\u2005{text}" if asks else text
        for late, one in enumerate(self.team):
            if group != ONLY or late:
                telling = partial(one.gateway.tell, "message", **word, id=f"{one.account}-{number}")
                asyncio.get_running_loop().call_later(late * APART, telling)

    async def play(self) -> None:
        first, second = self.team
        for one in self.team:
            await self._return(one)
        await asyncio.sleep(3)
        await self.act("两个都在", first, second)
        first.bot.kill()
        await self.act("第一个刚被杀", second, sure=False)
        await self.act("第二个接手", second)
        await self._return(first)
        await self.act("第一个回来", first, second)
        second.bot.kill()
        await self.act("第二个刚被杀", first, sure=False)
        await self.act("第一个又接手", first)
        await self._return(second)
        self.late = self.clock.now()
        await self.act("都回来了", first, second)
        for one in self.team:
            seconds, code = one.bot.stop()
            if code or seconds > STOPPING:
                self.wrong.append(f"{one.account} 停机用了 {seconds:.1f} 秒，退出码 {code}")
            await one.gateway.ask("state")  # by then everything that it told before has been read
            if "Traceback" in one.bot.said:
                self.wrong.append(f"{one.account} 的日志里有异常：\n{one.bot.said[-1500:]}")

    async def _return(self, one: Member) -> None:
        one.bot.start()
        await self._up(one)

    async def _up(self, one: Member) -> None:
        if not await one.bot.up():
            raise SystemExit(f"{one.account} 没有连上网关：\n{one.bot.said[-2000:]}")

    def judge(self) -> None:
        database = Database(self.url)
        try:
            self.wrong += database.read(lambda uow: list(self._found(uow)))
        finally:
            database.close()
        self.wrong += self._one_speaker()

    def _found(self, uow: UnitOfWork) -> Iterator[str]:
        rows = uow.connection.execute(
            select(EVENTS.c.member, EVENTS.c.group_id, EVENTS.c.text).where(EVENTS.c.type == "message")
        )
        kept = Counter((row.member, row.group_id, row.text) for row in rows)
        if lost := self.sure - kept.keys():
            yield f"丢了 {len(lost)} 条：{sorted(lost)[:3]}"
        if doubled := [key for key, times in kept.items() if times > self.said[key]]:
            yield f"{len(doubled)} 条记了两次：{sorted(doubled)[:3]}"
        runs = uow.connection.execute(select(JOBS.c.name, JOBS.c.due_at, JOBS.c.outcome)).all()
        cut = [run for run in runs if run.outcome != DONE and (run.outcome or run.due_at < self.late)]
        if bad := [f"{run.name}@{run.due_at}：{run.outcome or '没有跑完'}" for run in cut]:
            yield f"{len(bad)} 次任务没有跑好：{bad[:3]}"
        if sum(run.name == "daily_evaluation" for run in runs) != 1:
            yield "04:00 的评定不是恰好一次"
        yield from self._said_once(uow)

    def _said_once(self, uow: UnitOfWork) -> Iterator[str]:
        """Each row that was sent stands at one of the gateways, once; what is unknown may or may not."""
        sent = Counter(one["id"] for member in self.team for one in member.gateway.sent)
        rows = uow.outbox.page(limit=100_000)
        told = Counter(row.platform_id for row in rows if row.status == "sent")
        maybe = sum(row.status == "unknown" for row in rows)
        if unheard := [row for row in rows if row.status == "sent" and row.platform_id not in sent]:
            yield f"记为已发却没人听到：{[(row.dedupe_key, row.account, row.platform_id) for row in unheard[:3]]}"
        if len(sent.keys() - told.keys()) > maybe:
            yield f"多说了 {len(sent.keys() - told.keys()) - maybe} 条"
        if stuck := [row.dedupe_key for row in rows if row.status == "sending"]:
            yield f"停在发送中：{stuck[:3]}"

    def _one_speaker(self) -> Iterator[str]:
        """In each group one account answers, and where the other is dead it is this one. Which of two that are there
        has the word depends on whose sign of life was late."""
        left = {"第二个接手": self.team[1], "第一个又接手": self.team[0]}
        for name, answered in self.speakers:
            for group in SHARED:
                spoke = answered.get(group, set())
                if name in left and spoke != {left[name].account}:
                    yield f"「{name}」时 {group} 由 {sorted(spoke) or '无人'} 说话，应由 {left[name].account}"
                elif len(spoke) != 1 and "刚被杀" not in name:
                    yield f"「{name}」时 {group} 由 {sorted(spoke) or '无人'} 说话，应由一个账号"


async def tell(folder: Path, postgres: Postgres) -> Story:
    async with AsyncExitStack() as stack:
        url, clock = postgres.create(), FastClock(BEGIN, wall(), SPEED)
        team = []
        for account in ("bot1", "bot2"):
            gateway = await stack.enter_async_context(node_gateway(LINE))
            for group in (*SHARED, *([ONLY] if account == "bot2" else [])):
                await gateway.group(group, group.removesuffix("@chatroom"), [DIRECTOR, *PEOPLE], account)
            await gateway.settle("login", id=account)
            team.append(Member(account, gateway, Bot(folder, clock, gateway, url)))
        story = Story((team[0], team[1]), url, clock)
        try:
            await story.play()
        finally:
            for one in team:
                one.bot.kill()
        story.judge()
        return story


def main() -> int:
    argparse.ArgumentParser(prog="python -m tests.soak.team", description=__doc__).parse_args()
    if why := missing(LINE):
        sys.stdout.write(why + "\n")
        return 0
    postgres = Postgres()
    try:
        with tempfile.TemporaryDirectory() as folder:
            story = asyncio.run(tell(Path(folder), postgres))
    finally:
        postgres.stop()
    for name, answered in story.speakers:
        groups = "、".join(
            f"{to} {'+'.join(sorted(who))}" for to, who in sorted(answered.items()) if to in (*SHARED, ONLY)
        )
        sys.stdout.write(f"{name}：{groups or '没有人回答'}\n")
    sys.stdout.write(f"说了 {story.said.total()} 句，其中必须记下 {len(story.sure)} 句；违反 {len(story.wrong)} 条\n")
    sys.stdout.writelines(wrong + "\n" for wrong in story.wrong)
    return 1 if story.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
