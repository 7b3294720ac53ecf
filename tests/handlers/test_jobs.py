"""Jobs: each due time once among all processes, what was missed is caught up, a cut-off run is taken up again."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.core.events import Event
from bot.core.instants import DAY, HOUR, MINUTE, Instant, next_daily, parse_instant
from bot.services import sweeps
from bot.services.intake import Prepared
from handlers.house import House
from handlers.jobs import JOBS, Job, Schedule, checkin_summary, daily_evaluation, reminders, retention
from handlers.jobs.clockwork import Clockwork
from handlers.turn import record
from storage.database import Database
from storage.rows import EventRow, OutboxRow
from tests.handlers.room import GROUP, NOON, HandClock, Room, house_on

FOUR = parse_instant("2026-03-03T04:00:00+08:00")


class Diary:
    """A job that writes down the times it was run for."""

    def __init__(self, hour: int = 4, fails: bool = False) -> None:
        self.ran: list[Instant] = []
        self.fails: Exception | None = RuntimeError("boom") if fails else None
        self._hour = hour

    def job(self, name: str = "diary") -> Job:
        return Job(name, lambda uow, house, after: next_daily(after, self._hour, house.zone), self._run)

    async def _run(self, house: House, due_at: Instant) -> None:
        self.ran.append(due_at)
        if self.fails is not None:
            raise self.fails


async def began(house: House, *jobs: Job) -> Schedule:
    schedule = Schedule(house, jobs)
    await schedule.recover()
    return schedule


async def test_a_job_runs_when_due_and_is_told_the_due_time(room: Room) -> None:
    diary = Diary()
    schedule = await began(room.house, diary.job())
    assert schedule.next_due(NOON) == FOUR
    for at in (NOON, FOUR - 1, FOUR + 7 * MINUTE, FOUR + HOUR):
        room.clock.at = at
        await schedule.run_due(at)
    assert diary.ran == [FOUR]
    assert schedule.next_due(FOUR + HOUR) == FOUR + DAY


async def test_what_was_missed_is_caught_up_once_for_the_latest_time(room: Room) -> None:
    first, later = Diary(), Diary()
    await began(room.house, first.job())
    room.clock.at = FOUR + 3 * DAY + 1
    schedule = await began(room.house, later.job())
    await schedule.run_due(room.clock.at)
    await schedule.run_due(room.clock.at)
    assert later.ran == [FOUR + 3 * DAY]


async def test_jobs_run_in_the_order_they_were_due(room: Room) -> None:
    ran: list[str] = []

    def noting(name: str, hour: int) -> Job:
        async def run(house: House, due_at: Instant) -> None:
            ran.append(name)

        return Job(name, lambda uow, house, after: next_daily(after, hour, house.zone), run)

    schedule = await began(room.house, noting("five", 5), noting("three", 3))
    room.clock.at = FOUR + 5 * HOUR
    await schedule.run_due(room.clock.at)
    assert ran == ["three", "five"]


async def test_among_several_processes_one_runs_it(database_url: str) -> None:
    databases = [Database(database_url) for _ in range(3)]
    diaries = [Diary() for _ in databases]
    schedules = []
    for database, diary in zip(databases, diaries, strict=True):
        schedules.append(await began(house_on(database, HandClock(NOON)), diary.job()))
    await asyncio.gather(*(schedule.run_due(FOUR) for schedule in schedules))
    for database in databases:
        database.close()
    assert sum(len(diary.ran) for diary in diaries) == 1


async def test_a_run_that_a_crash_cut_off_is_run_again_by_its_owner(room: Room) -> None:
    diary = Diary()
    diary.fails = asyncio.CancelledError()  # type: ignore[assignment]
    schedule = await began(room.house, diary.job())
    with pytest.raises(asyncio.CancelledError):
        await schedule.run_due(FOUR)
    diary.fails = None
    other = replace(room.house, settings=room.house.settings.model_copy(update={"http_port": 9}))
    await (await began(other, diary.job())).run_due(FOUR)
    assert diary.ran == [FOUR], "another process leaves it to its owner"
    await (await began(room.house, diary.job())).run_due(FOUR)
    assert diary.ran == [FOUR, FOUR]


async def test_a_failing_job_is_written_down_and_does_not_stop_the_others(room: Room) -> None:
    bad, good = Diary(fails=True), Diary()
    schedule = await began(room.house, bad.job("bad"), good.job("good"))
    await schedule.run_due(FOUR)
    await schedule.run_due(FOUR)
    assert (bad.ran, good.ran) == ([FOUR], [FOUR])


async def test_the_daily_evaluation_flags_and_plans_for_each_missed_day(room: Room) -> None:
    room.join("小李")
    room.join("小张")
    room.befriend("小张")
    consent = Event("consent", "c1", room.clock.at, "小张", GROUP, {"purposes": ["marketing"], "granted": True})
    room.database.write_sync(lambda uow: record(uow, room.house, [Prepared(consent)]))
    schedule = await began(room.house, daily_evaluation.JOB)
    room.clock.at = FOUR + 3 * DAY + HOUR
    await schedule.run_due(room.clock.at)
    sweep = room.database.read(lambda uow: uow.sweeps.last())
    assert sweep is not None
    assert sweep.as_of == FOUR + 3 * DAY
    found = room.database.read(lambda uow: sweeps.again(uow, sweep))
    assert found.flagged["new"] == ["小张", "小李"]
    gifts = [row for row in room.rows() if row.kind == "newcomer_gift"]
    assert [(row.member, row.not_before) for row in gifts] == [("小张", FOUR + 3 * DAY + 4 * HOUR)]
    invited = [row.member for row in room.rows() if row.kind == "friend_invite"]
    assert invited == [], "who agreed to no pushes is not asked for a way to push"


async def test_texts_are_forgotten_after_thirty_days(room: Room) -> None:
    room.say("a", "今天讨论的这本书很有意思")
    schedule = await began(room.house, retention.JOB)
    for days, kept in ((29, True), (31, False)):
        room.clock.at = NOON + days * DAY
        await schedule.run_due(room.clock.at)
        said = room.database.read(lambda uow: uow.events.get("m1"))
        assert said is not None
        assert (said.text is not None) is kept
        assert said.quality


def summaries(room: Room) -> list[OutboxRow]:
    return [row for row in room.rows() if row.kind == "checkin_summary"]


async def look(room: Room, schedule: Schedule, after: int) -> None:
    room.wait(after)
    await schedule.run_due(room.clock.at)


async def test_check_ins_are_answered_soon_and_once_in_half_an_hour(room: Room) -> None:
    schedule = await began(room.house, checkin_summary.JOB)
    room.say("小王", "签到")
    room.say("小李", "签到")
    assert schedule.next_due(room.clock.at) == NOON + 21 * 1_000_000
    await look(room, schedule, MINUTE)
    assert [row.text for row in summaries(room)] == ["签到成功：小王、小李，共 2 人。"]
    room.say("小张", "签到")
    await look(room, schedule, MINUTE)
    assert len(summaries(room)) == 1
    assert schedule.next_due(room.clock.at) == NOON + 30 * MINUTE + 21 * 1_000_000
    await look(room, schedule, 30 * MINUTE)
    assert [row.text for row in summaries(room)][1:] == ["签到成功：小张。"]
    assert schedule.next_due(room.clock.at) is None


async def test_old_and_imported_check_ins_get_no_answer(room: Room) -> None:
    schedule = await began(room.house, checkin_summary.JOB)
    room.say("小王", "签到")
    row = EventRow("h1", "message", NOON + 2 * HOUR, "小李", GROUP, "{}", "签到", role="checkin", historical=True)
    room.database.write_sync(lambda uow: uow.events.add([row]))
    await look(room, schedule, 2 * HOUR + MINUTE)
    assert summaries(room) == []


async def test_unanswered_questions_are_reminded_once(room: Room) -> None:
    room.join("小李")
    room.deliver()
    schedule = await began(room.house, reminders.JOB)
    for _ in range(3):
        await look(room, schedule, 24 * HOUR)
        room.deliver()
    reminded = [row for row in room.rows() if row.kind == "questionnaire_reminder"]
    assert [row.mentions for row in reminded] == [["小李"]]


async def test_every_job_has_a_name_of_its_own(room: Room) -> None:
    assert len({job.name for job in JOBS}) == len(JOBS)
    schedule = await began(room.house, *JOBS)
    assert schedule.next_due(NOON) == FOUR - HOUR


async def test_the_clockwork_turns_at_once_and_when_woken_never_twice_at_a_time() -> None:
    turns, busy = asyncio.Queue[int](), 0

    async def turn() -> float:
        nonlocal busy
        busy += 1
        assert busy == 1
        await asyncio.sleep(0)
        turns.put_nowait(busy)
        busy -= 1
        return 3600.0

    clockwork = Clockwork(turn)
    clockwork.start()
    async with asyncio.timeout(20):
        await turns.get()
        for _ in range(3):
            clockwork.wake()
        await turns.get()
    clockwork.stop()
