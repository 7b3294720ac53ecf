"""Two processes with accounts of their own on one PostgreSQL database, in groups that overlap."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import select

from bot.cli.checking import findings
from bot.core.hearings import WITHIN
from bot.core.instants import DAY, HOUR, MINUTE, SECOND, Instant, Span
from bot.ports import (
    ConnectionHeard,
    FriendHeard,
    GroupEntered,
    GroupLeft,
    Heard,
    JoinHeard,
    LeaveHeard,
    MessageHeard,
    Person,
    ThrottleHeard,
    WithdrawHeard,
)
from bot.services import accounts
from bot.services.rejudging import DISTURBED_FROM, DISTURBED_TO
from config.settings import Settings
from handlers.afterwards import fold_again, judge_again
from handlers.heartbeat import SPAN
from storage.link_rows import LinkRow
from storage.repositories.jobs import JOBS
from storage.rows import EventRow, OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.fakes import FakeClock, Sent
from tests.sim import GROUP, NINE, GroupSim

ONLY = "书友二群"
"""A group in which the second account alone sits."""
CROWD = ("小王", "小李", "老张")


@dataclass
class Team:
    """First and second process; what people do, both see, unless it is told otherwise."""

    first: GroupSim
    second: GroupSim
    number: int = 0
    up: list[GroupSim] = field(default_factory=list)

    @property
    def now(self) -> Instant:
        return self.first.clock.at

    async def say(
        self, person: str, text: str, *by: GroupSim, group: str = GROUP, apart: Span = 0, **more: object
    ) -> None:
        """A message that these processes hear one after the other, each under an id of its own."""
        at, self.number = self._tick(), self.number + 1
        for late, sim in enumerate(by or (self.first, self.second)):
            id_ = f"{sim.chat.account}-{self.number}"
            await self.hear(sim, MessageHeard(id_, at + late * apart, Person(person, person), group, text, **more))  # type: ignore[arg-type]

    async def hear(self, sim: GroupSim, *heard: Heard) -> None:
        for one in heard:
            await sim.chat.tell(one)
        await sim.runtime._ear.idle()

    async def both(self, heard: Heard) -> None:
        for sim in (self.first, self.second):
            await self.hear(sim, heard)

    async def direct(self, sim: GroupSim, person: str, text: str) -> None:
        self.number += 1
        id_ = f"{sim.chat.account}-{self.number}"
        await self.hear(sim, MessageHeard(id_, self._tick(), Person(person, person), None, text))
        await self.turn()

    async def turn(self) -> list[Sent]:
        """Every process that runs takes its turn; what was said."""
        before = {id(sim): len(sim.chat.sent) for sim in (self.first, self.second)}
        for _ in range(2):
            for sim in self.up:
                await sim.runtime.settle()
        return [sent for sim in (self.first, self.second) for sent in sim.chat.sent[before[id(sim)] :]]

    async def pass_time(self, span: Span, step: Span = 30 * SECOND) -> None:
        end = self.now + span
        while self.now < end:
            self.first.clock.move_to(min(end, self.now + step))
            await self.turn()

    async def die(self, *sims: GroupSim) -> None:
        for sim in sims:
            self.up.remove(sim)
            await sim.crash()

    async def revive(self, sim: GroupSim) -> None:
        self.up.append(sim)
        await sim.begin()

    def plan(self, text: str, kind: str = "group", to: str = GROUP) -> None:
        row = OutboxRow(text, "answer", kind, to, text, self.now, self.now, reply=True, expires_at=self.now + DAY)
        self.up[0].database.write_sync(lambda uow: uow.outbox.add([row]))

    def events(self, type_: str = "message") -> list[EventRow]:
        read = self.up[0].database.read
        rows = read(lambda uow: list(uow.events.of_members(None, None, self.now + DAY)))
        return [row for row in rows if row.type == type_]

    def deaf(self) -> list[tuple[Instant, Instant, str | None]]:
        return self.up[0].database.read(lambda uow: uow.events.deaf(self.now))

    def runs(self, job: str) -> dict[Instant, str]:
        """How each run of a job ended, by its due time; "" while it has not."""
        wanted = select(JOBS.c.due_at, JOBS.c.outcome).where(JOBS.c.name == job)
        rows = self.up[0].database.read(lambda uow: uow.connection.execute(wanted).all())
        return {row.due_at: row.outcome for row in rows}

    def speaker(self, group: str = GROUP) -> str | None:
        row = self.up[0].database.read(lambda uow: uow.groups.get(group))
        return None if row is None else row.account

    def _tick(self) -> Instant:
        self.first.clock.move_to(self.now + SECOND)
        return self.now


def _disturb(uow: UnitOfWork, start: Instant, end: Instant) -> None:
    """All that was said in this time is to be judged again."""
    uow.deployment.put(DISTURBED_FROM, str(start))
    uow.deployment.put(DISTURBED_TO, str(end))


@pytest.fixture
async def team(postgres_url: str) -> AsyncIterator[Team]:
    clock = FakeClock(NINE)
    one = Team(
        GroupSim(postgres_url, account="甲号", clock=clock),
        GroupSim(postgres_url, account="乙号", clock=clock, port=8081),
    )
    for sim, groups in ((one.first, (GROUP,)), (one.second, (GROUP, ONLY))):
        await sim.begin()
        one.up.append(sim)
        for group in groups:
            one._tick()
            people = tuple(Person(name, name) for name in (*CROWD, "甲号", "乙号") if name != sim.chat.account)
            await one.hear(sim, GroupEntered(one.now, group, group, people))
    await one.turn()
    yield one
    for sim in one.up:
        await sim.end()


async def test_a_message_heard_by_both_counts_once_two_messages_count_twice(team: Team) -> None:
    await team.say("小王", "今晚几点开始共读", apart=2 * SECOND)
    await team.say("小李", "八点", team.second, team.first)
    await team.say("小李", "八点", team.second, team.first)
    await team.say("老张", "收到", team.first)
    await team.say("老张", "收到", team.second)
    assert [(row.member, row.text) for row in team.events()] == [
        ("小李", "八点"),
        ("小李", "八点"),
        ("小王", "今晚几点开始共读"),
        ("老张", "收到"),
    ]
    first, second = (sim.database.read(lambda uow: uow.events.count()) for sim in (team.first, team.second))
    assert first == second
    await team.say("小王", "甲这边先回来的", team.first)
    heard = MessageHeard(f"乙号-{team.number}", team.now, Person("小王", "小王"), GROUP, "甲这边先回来的")
    for _ in range(2):
        await team.hear(team.second, heard)
    assert [row.text for row in team.events()].count("甲这边先回来的") == 1
    link = LinkRow("小王之二", "小王", 0, "小王", None, False)
    team.up[0].database.write_sync(lambda uow: uow.links.save([link]))
    await team.say("小王", "我在两个号里编号不同", team.first)
    team.first.clock.at -= SECOND
    await team.say("小王之二", "我在两个号里编号不同", team.second)
    assert [row.member for row in team.events() if row.text == "我在两个号里编号不同"] == ["小王"]


async def test_what_was_left_out_is_in_no_replay(team: Team) -> None:
    for day in range(3):
        await team.say("小王", f"第{day}章读完了，大家觉得怎么样")
        await team.say("小李", "签到")
        await team.pass_time(DAY, 6 * HOUR)
    for number in range(24):
        team.first.clock.move_to(team.now + WITHIN)
        await team.say("老张", "今晚八点群里有共读活动，大家记得准时来", (team.first, team.second)[number % 3 > 0])
    before = {name: team.first.tags(name) for name in CROWD}
    verdicts = {row.id: (row.quality, row.verdict) for row in team.events()}
    assert [verdict for _, verdict in verdicts.values()].count("flood") > 10, "each has followed what the other heard"
    team.up[0].database.write_sync(lambda uow: _disturb(uow, NINE, team.now))
    judge_again(team.second.house)
    assert {row.id: (row.quality, row.verdict) for row in team.events()} == verdicts
    team.up[0].database.write_sync(lambda uow: uow.rollups.mark_all_late(0))
    fold_again(team.second.house)
    assert {name: team.second.tags(name) for name in CROWD} == before
    assert len(team.events()) == 30


async def test_joins_leaves_and_withdrawals_happen_once_and_our_accounts_are_nobody(team: Team) -> None:
    await team.say("甲号", "@小王 欢迎", team.second)
    await team.both(JoinHeard(team._tick(), GROUP, (Person("乙号", "乙号"), Person("新来的", "新来的"))))
    assert team.events() == []
    assert [row.member for row in team.events("join")] == ["新来的"]
    assert "甲号" in team.second.chat.siblings
    assert {"甲号", "乙号"}.isdisjoint(
        row.member for row in team.first.database.read(lambda uow: uow.members.page(None))
    )
    await team.hear(team.first, JoinHeard(team._tick(), GROUP, (Person("小云", "小云"),)))
    await team.hear(team.second, JoinHeard(team._tick(), GROUP, (Person("小云", "小云"),)))
    await team.say("小云", "发错了", apart=SECOND)
    said = team.number
    for sim in (team.second, team.first):
        id_ = f"{sim.chat.account}-{said}"
        await team.hear(sim, WithdrawHeard(f"w{id_}", team._tick(), Person("小云"), GROUP, id_))
    await team.say("小王", "说的什么？", team.second, reply_to=f"乙号-{said}")
    for sim in (team.first, team.second):
        await team.hear(sim, LeaveHeard(team._tick(), GROUP, (Person("小云"),)))
    assert [len(team.events(kind)) for kind in ("join", "withdraw", "leave")] == [2, 1, 1]
    assert [row.body for row in team.events("withdraw")] == [f'{{"message":"甲号-{said}"}}']
    assert f'"reply_to":"甲号-{said}"' in team.events()[-1].body


async def test_one_speaks_the_other_takes_over_when_it_is_away_and_keeps_the_word(team: Team) -> None:
    team.plan("第一条")
    assert [sent.text for sent in await team.turn()] == ["第一条"]
    assert [sent.text for sent in team.first.chat.sent][-1] == "第一条", "the oldest in the group speaks"
    await team.die(team.first)
    team.plan("第二条")
    await team.pass_time(60 * SECOND)
    assert team.speaker() == "甲号", "it may come back"
    await team.pass_time(60 * SECOND)
    assert (team.speaker(), team.second.chat.sent[-1].text) == ("乙号", "第二条")
    await team.revive(team.first)
    team.plan("第三条")
    await team.turn()
    assert team.second.chat.sent[-1].text == "第三条", "no flapping: who has the word keeps it"
    team.up.remove(team.second)
    await team.second.end()
    team.plan("第四条")
    await team.turn()
    assert team.first.chat.sent[-1].text == "第四条", "who leaves in good order is not waited for"
    said = [(sent.to.id, sent.text) for sim in (team.first, team.second) for sent in sim.chat.sent]
    assert len(said) == len(set(said)), "nothing was said twice"


async def test_everybody_is_spoken_to_by_who_sits_there_or_is_his_friend(team: Team) -> None:
    team.plan("只有乙号在", to=ONLY)
    await team.turn()
    assert [sent.text for sent in team.second.chat.sent if sent.to.id == ONLY][-1] == "只有乙号在"
    await team.hear(team.first, GroupLeft(team._tick(), GROUP))
    team.plan("甲号被移出了")
    await team.turn()
    assert team.second.chat.sent[-1].text == "甲号被移出了"
    await team.hear(team.first, FriendHeard(team._tick(), Person("小王", "小王")))
    team.plan("甲号的朋友", "direct", "小王")
    await team.turn()
    assert team.first.chat.sent[-1].text == "甲号的朋友"
    await team.direct(team.second, "小王", "我的标签")
    assert team.second.chat.sent[-1].to.id == "小王", "answered where it was asked"
    team.plan("最近找的是乙号", "direct", "小王")
    await team.turn()
    assert team.second.chat.sent[-1].text == "最近找的是乙号"
    await team.hear(team.second, FriendHeard(team._tick(), Person("小王", "小王"), is_friend=False))
    team.plan("又是甲号", "direct", "小王")
    await team.turn()
    assert team.first.chat.sent[-1].text == "又是甲号"
    known = team.up[0].database.read(lambda uow: uow.members.get("小王"))
    assert known is not None and known.is_friend, "he still has one friend among the accounts"


async def test_jobs_run_once_and_a_throttled_account_rests_alone(team: Team) -> None:
    await team.hear(team.first, ThrottleHeard(team._tick(), "操作过于频繁"))
    team.plan("甲号停了")
    team.plan("乙号没停", to=ONLY)
    await team.pass_time(DAY, HOUR)
    assert [sent.text for sent in team.second.chat.sent if sent.text.startswith("乙号")] == ["乙号没停"]
    assert list(team.runs("daily_evaluation").values()) == ["完成"]
    assert [row.status for row in team.up[0].rows("answer") if row.text == "甲号停了"] == ["sent"], "after 12 hours"
    assert [sent.at - NINE >= 12 * HOUR for sent in team.first.chat.sent if sent.text == "甲号停了"] == [True]
    owner, due = team.first.house.owner, team.now
    team.up[0].database.write_sync(lambda uow: uow.jobs.start("text_retention", due, due, owner))
    await team.pass_time(2 * MINUTE)
    assert team.runs("text_retention")[due] == "", "who runs may still be at it"
    await team.die(team.first)
    await team.pass_time(2 * MINUTE)
    assert team.runs("text_retention")[due] == "完成", "a run that its process left is finished by the other"


async def test_a_group_is_deaf_only_while_all_its_accounts_are(team: Team) -> None:
    await team.pass_time(MINUTE)
    await team.die(team.first)
    await team.pass_time(HOUR, 10 * MINUTE)
    await team.revive(team.first)
    assert team.deaf() == [], "the second heard everything"
    alone = team.now
    await team.die(team.first, team.second)
    team.first.clock.move_to(team.now + HOUR)
    await team.revive(team.first)
    assert {group for _, _, group in team.deaf()} == {GROUP, ONLY}
    await team.pass_time(HOUR, 10 * MINUTE)
    await team.revive(team.second)
    spans = {group: (start, end) for start, end, group in team.deaf()}
    assert spans[GROUP][1] - spans[GROUP][0] <= HOUR + 2 * MINUTE
    assert sum(end - start for start, end, group in team.deaf() if group == ONLY) >= 2 * HOUR
    assert min(start for start, _, _ in team.deaf()) >= alone - MINUTE


async def test_a_command_is_answered_once_and_who_lost_the_connection_neither_sends_nor_fails(team: Team) -> None:
    await team.say("小王", "签到", team.second, team.first)
    await team.pass_time(MINUTE)
    answers = [sent for sim in (team.first, team.second) for sent in sim.chat.sent if "签到成功" in sent.text]
    assert [sent.text for sent in answers] == ["签到成功：小王。"]
    assert answers[0] in team.first.chat.sent
    await team.hear(team.second, ConnectionHeard(team._tick(), "down", "乙号", "网关断开"))
    team.plan("等一等", to=ONLY)
    await team.pass_time(5 * MINUTE)
    assert [row.status for row in team.up[0].rows("answer")] == ["queued"]
    shown = {one.account: one for one in team.up[0].database.read(lambda uow: accounts.standings(uow, team.now))}
    assert (shown["甲号"].state, shown["乙号"].state, shown["乙号"].reason) == ("up", "down", "网关断开")
    assert shown["甲号"].speaks_in == (GROUP,)
    team.first.appoint("老张", "管理员")
    await team.direct(team.first, "老张", "#看板")
    board = team.first.chat.sent[-1].text
    assert "甲号：在线，在 1 个群，其中 1 个由它发言" in board
    assert "乙号：连接断开（网关断开），最后在线 5 分钟前，在 2 个群，其中 1 个由它发言" in board
    checks = {one.name: one.state for one in findings(Settings(_env_file=None, database_url=team.first.url))}
    assert checks["账号 甲号"] == checks["账号 乙号"] == "注意", "by the clock on the wall both have long been silent"
    await team.hear(team.second, ConnectionHeard(team._tick(), "up", "乙号"))
    await team.turn()
    assert [row.status for row in team.up[0].rows("answer")] == ["sent"]
    assert SPAN * SECOND * 4 < accounts.FRESH


async def test_what_was_half_sent_is_unknown_to_its_own_process_alone(team: Team) -> None:
    team.plan("发到一半")
    (half,) = team.up[0].rows("answer")
    team.up[0].database.write_sync(lambda uow: uow.outbox.claim(half.id, team.now, "甲号"))
    await team.second.restart()
    assert [row.status for row in team.first.rows("answer")] == ["sending"], "another process may be sending it"
    await team.die(team.first)
    await team.revive(team.first)
    assert [row.status for row in team.first.rows("answer")] == ["unknown"]
    assert "发到一半" not in [sent.text for sim in (team.first, team.second) for sent in sim.chat.sent]
