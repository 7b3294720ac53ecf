"""What may go, and when: reasons looked at again, quiet hours, caps, modes, throttling."""

from __future__ import annotations

import pytest

from bot.core.instants import DAY, HOUR, MINUTE, Instant, parse_instant
from bot.core.ruleset import OutreachRules
from bot.errors import Refused
from bot.ports import Address
from bot.services import delivery, outreach
from storage import engines
from storage.database import Database
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork
from tests.services.mouth import GROUP, NOON, Mouth, joined, recall, warning

NIGHT = parse_instant("2026-03-02T22:00:00+08:00")
MORNING = parse_instant("2026-03-03T08:00:00+08:00")


@pytest.fixture
def mouth(sqlite_database: Database) -> Mouth:
    return Mouth(sqlite_database)


def queue(mouth: Mouth, key: str, at: Instant = NOON, *, kind: str = "notice", to: str = GROUP, **more: object) -> None:
    to_kind = "group" if to.startswith("g") else "direct"
    row = OutboxRow(key, kind, to_kind, to, key, at, at, **more)  # type: ignore[arg-type]
    mouth.write(lambda uow: uow.outbox.add([row]))


def answer(mouth: Mouth, key: str, at: Instant, *, kind: str = "command", member: str = "a", to: str = GROUP) -> None:
    place = Address("group" if to.startswith("g") else "direct", to)
    mouth.write(lambda uow: outreach.reply(uow, key=key, kind=kind, to=place, text=key, now=at, member=member))


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"stage": "成长期"}, "阶段已变化"),
        ({"exempt": True}, "已设免打扰"),
        ({"friend": False}, "已不是好友"),
        ({"minor": "under18"}, "未成年"),
    ],
    ids=str,
)
def test_a_recall_whose_reason_is_gone_is_cancelled(mouth: Mouth, change: dict[str, object], reason: str) -> None:
    mouth.person("a")
    mouth.plan(recall("a"))
    mouth.person("a", **change)  # type: ignore[arg-type]
    assert mouth.send(NOON) == []
    assert (mouth.one("recall").status, mouth.one("recall").reason) == ("cancelled", reason)


def test_unsubscribing_and_leaving_stop_what_was_planned(mouth: Mouth) -> None:
    for member in ("a", "b"):
        mouth.person(member)
        mouth.plan(recall(member))
    mouth.unsubscribe("a", NOON)
    mouth.leave("b", NOON)
    assert mouth.send(NOON + 1) == []
    assert [row.reason for row in mouth.rows("recall")] == ["没有推送授权", "已退出所有群"]


def test_a_warning_about_a_settled_matter_is_not_said(mouth: Mouth) -> None:
    mouth.person("a")
    mouth.plan(warning("a"))
    assert mouth.send(NOON) == []
    assert mouth.one("warning").reason == "争议已解除"


def test_a_gift_is_for_who_has_said_nothing(mouth: Mouth) -> None:
    from bot.core.journal import Plan

    for member, last in (("a", None), ("b", NOON - DAY), ("c", NOON + 1)):
        mouth.person(member)
        mouth.plan(Plan(NOON, "newcomer_gift", member, f"newcomer_gift:{member}", GROUP))
        mouth.person(member, last_interaction=last)
    assert [row.member for row in mouth.send(NOON + 2)] == ["a", "b"]


def test_all_but_replies_wait_for_the_morning(mouth: Mouth) -> None:
    queue(mouth, "push", NIGHT)
    answer(mouth, "answer", NIGHT)
    assert [row.dedupe_key for row in mouth.send(NIGHT)] == ["answer"]
    assert mouth.next_due(NIGHT) == MORNING
    assert [row.dedupe_key for row in mouth.send(MORNING)] == ["push"]


def test_one_push_in_ten_minutes_to_a_group(mouth: Mouth) -> None:
    for number in range(3):
        queue(mouth, f"n{number}")
    queue(mouth, "elsewhere", to="g2")
    assert [row.dedupe_key for row in mouth.send(NOON)] == ["n0", "elsewhere"]
    assert mouth.next_due(NOON) == NOON + 10 * MINUTE
    assert mouth.send(NOON + 10 * MINUTE - 1) == []
    assert [row.dedupe_key for row in mouth.send(NOON + 10 * MINUTE)] == ["n1"]


def test_the_account_keeps_its_hour_and_its_day(sqlite_database: Database) -> None:
    mouth = Mouth(sqlite_database, OutreachRules(account_hourly=2, account_daily=3))
    for number in range(5):
        queue(mouth, f"n{number}", to=f"p{number}")
    counts = [len(mouth.send(NOON + at)) for at in (0, HOUR - 1, HOUR, 2 * HOUR, DAY - 1, DAY)]
    assert counts == [2, 0, 1, 0, 0, 2]


def test_one_recall_in_thirty_days_and_three_pushes_in_seven(mouth: Mouth) -> None:
    mouth.person("a")
    mouth.plan(recall("a"))
    mouth.send(NOON)
    mouth.plan(recall("a", NOON + 29 * DAY))
    assert mouth.send(NOON + 29 * DAY) == []
    assert len(mouth.send(NOON + 30 * DAY)) == 1, "a capped message waits, it does not die"
    for number in range(4):
        queue(mouth, f"c{number}", NOON + 30 * DAY, kind="campaign", to="a", member="a")
    assert len(mouth.send(NOON + 30 * DAY)) == 2
    assert len(mouth.send(NOON + 37 * DAY)) == 2


def test_commands_are_answered_three_times_an_hour_dialogue_and_admins_always(mouth: Mouth) -> None:
    for number in range(5):
        answer(mouth, f"c{number}", NOON + number)
        answer(mouth, f"q{number}", NOON + number, kind="questionnaire")
        answer(mouth, f"a{number}", NOON + number, kind="admin")
    gone = [row.dedupe_key for row in mouth.send(NOON + 5)]
    assert sorted(gone) == ["a0", "a1", "a2", "a3", "a4", "c0", "c1", "c2", "q0", "q1", "q2", "q3", "q4"]
    answer(mouth, "later", NOON + HOUR + 5)
    assert [row.dedupe_key for row in mouth.send(NOON + HOUR + 5)] == ["later"]


def test_thirty_answers_an_hour_in_a_group(mouth: Mouth) -> None:
    for number in range(35):
        answer(mouth, f"c{number}", NOON, member=f"m{number}")
    assert len(mouth.send(NOON)) == 30


def test_observing_says_nothing_at_all(mouth: Mouth) -> None:
    mouth.mode("observe")
    mouth.person("a")
    mouth.plan(recall("a"), joined("a", 0))
    answer(mouth, "answer", NOON)
    assert mouth.send(NOON + 10 * MINUTE) == []
    assert {(row.status, row.reason) for row in mouth.rows()} == {("withheld", "观察模式")}
    answer(mouth, "what mode", NOON, kind=delivery.MODE_ANSWER)
    assert [row.dedupe_key for row in mouth.send(NOON)] == ["what mode"], "who made it silent hears that it is"


def test_assisting_waits_for_a_word_and_asks_for_it_directly(mouth: Mouth) -> None:
    mouth.mode("assist")
    mouth.person("boss", role="运营总监")
    for member in ("a", "b"):
        mouth.person(member)
        mouth.plan(recall(member))
    assert mouth.send(NOON) == []
    first, second = mouth.database.read(delivery.list_awaiting)
    assert [(row.kind, row.to_id) for row in mouth.send(NOON + 1)] == [("batch", "boss")]
    assert mouth.write(lambda uow: delivery.release(uow, [first.id], NOON + 2)) == 1
    assert mouth.write(lambda uow: delivery.cancel(uow, [second.id], NOON + 2, "不发")) == 1
    assert [row.id for row in mouth.send(NOON + 2)] == [first.id]
    assert [row.status for row in mouth.rows("recall")] == ["sent", "cancelled"]


def test_what_was_confirmed_in_chat_is_not_asked_about_again(mouth: Mouth) -> None:
    mouth.mode("assist")
    mouth.person("a")
    mouth.plan(recall("a"))
    mouth.send(NOON)
    (row,) = mouth.database.read(delivery.list_awaiting)
    mouth.write(lambda uow: uow.outbox.let_go([row.id], NOON, "confirmed:m17"))
    mouth.unsubscribe("a", NOON)
    assert mouth.send(NOON + 1) == [], "the reason is looked at again all the same"
    assert mouth.one("recall").status == "cancelled"


def test_a_throttle_notice_stops_everything_for_twelve_hours(mouth: Mouth) -> None:
    mouth.person("boss", role="运营总监")
    queue(mouth, "push")
    answer(mouth, "answer", NOON)
    for at in (NOON - HOUR, NOON - 2 * HOUR):
        mouth.write(lambda uow, at=at: delivery.throttle(uow, at, mouth.rules.outreach))
    stops = NOON + 11 * HOUR
    assert mouth.send(NOON) == []
    assert mouth.next_due(NOON) == stops
    assert mouth.send(stops - 1) == []
    assert mouth.send(stops) == [], "it is night by then, and the answer is too old"
    gone = mouth.send(MORNING)
    assert sorted(row.kind for row in gone) == ["notice", "throttle"]
    assert len(mouth.rows("throttle")) == 2
    assert {row.status for row in mouth.rows("throttle")} == {"cancelled", "sent"}


def test_what_is_too_old_expires(mouth: Mouth) -> None:
    mouth.person("a")
    mouth.plan(joined("a", 0))
    assert mouth.send(NOON + DAY) == []
    assert mouth.one("welcome").status == "expired"


def test_one_message_at_a_time_to_one_place(mouth: Mouth) -> None:
    for number in range(2):
        queue(mouth, f"n{number}", to="p", kind="x")
    first = mouth.claim(NOON)
    assert first is not None
    assert first.dedupe_key == "n0"
    assert mouth.claim(NOON) is None
    mouth.write(lambda uow: uow.outbox.settle(first.id, "sent", now=NOON))
    assert mouth.claim(NOON) is not None


def test_one_process_at_a_time_decides(postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Else two that look at the same count would both use the last place under a cap."""
    monkeypatch.setattr(engines, "BUSY_SECONDS", 0.1)
    first, second = Database(postgres_url), Database(postgres_url)

    def decide(uow: UnitOfWork) -> None:
        uow.outbox.decide_alone()

    def while_deciding(uow: UnitOfWork) -> str:
        uow.outbox.decide_alone()
        with pytest.raises(Refused, match="另一个程序"):
            second.write_sync(decide)
        return "decided"

    assert first.write_sync(while_deciding) == "decided"
    second.write_sync(decide)
    for database in (first, second):
        database.close()


def test_what_a_dead_process_left_does_not_block_its_place_for_ever(mouth: Mouth) -> None:
    for number in range(2):
        queue(mouth, f"n{number}", to="p", kind="x")
    assert mouth.claim(NOON) is not None
    assert [row.dedupe_key for row in mouth.send(NOON + 11 * MINUTE)] == ["n1"]
    assert [row.status for row in mouth.rows()] == ["unknown", "sent"]
