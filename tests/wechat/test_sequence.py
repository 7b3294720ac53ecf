"""Messages told out of order come out in the order of speaking, a window late at most; kept order costs no time."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.instants import HOUR, SECOND
from bot.ports import ConnectionHeard, GroupLeft, Heard, JoinHeard, LeaveHeard, MessageHeard, Person, WithdrawHeard
from bot.wechat.sequence import MOST_HELD, REMEMBERED, WINDOW, Happening, Sequence
from tests.wechat.ears import MORNING


def said(second: int, group: str | None = "读书会", text: str = "") -> MessageHeard:
    return MessageHeard(f"m{second}{text}", MORNING + second * SECOND, Person("甲"), group, text)


def wary(at: float = 0.0) -> Sequence:
    """One that has seen order lost, in a group that nobody else speaks of."""
    sequence = Sequence()
    assert sequence.take(said(2, "旧事"), at) == [said(2, "旧事")]
    assert sequence.take(said(1, "旧事"), at) == []
    assert sequence.due(at + WINDOW) == [said(1, "旧事")]
    return sequence


def test_where_order_is_kept_nothing_waits() -> None:
    sequence = Sequence()
    for second in range(50):
        assert sequence.take(said(second), float(second)) == [said(second)]
    assert sequence.take(said(49, text="同一秒"), 49.0) == [said(49, text="同一秒")]
    assert sequence.next_due() is None


def test_once_order_was_lost_a_message_waits_for_those_before_it() -> None:
    sequence = wary()
    assert sequence.take(said(5), 1.0) == []
    assert sequence.take(said(4), 1.1) == []
    assert sequence.take(said(6), 1.1) == []
    assert sequence.due(1.0 + WINDOW) == [said(4), said(5)]
    assert sequence.next_due() == pytest.approx(1.1 + WINDOW)
    assert sequence.due(1.1 + WINDOW) == [said(6)]


def test_direct_chats_and_other_groups_do_not_wait_for_a_group() -> None:
    sequence = wary()
    sequence.take(said(5), 1.0)
    assert sequence.take(said(6, None), 1.0) == [said(6, None)]
    sequence.take(said(3, "群二"), 1.1)
    assert sequence.due(1.0 + WINDOW) == [said(5)]


@pytest.mark.parametrize("news", [JoinHeard, LeaveHeard])
def test_who_comes_or_goes_waits_for_what_was_said_before(news: type[JoinHeard] | type[LeaveHeard]) -> None:
    sequence = wary()
    sequence.take(said(5), 1.0)
    told = news(MORNING + 6 * SECOND, "读书会", (Person("乙"),))
    assert sequence.take(told, 1.05) == []
    assert sequence.take(said(4), 1.1) == []
    assert sequence.due(1.05 + WINDOW) == [said(4), said(5), told]


def test_a_withdrawal_comes_behind_what_it_takes_back() -> None:
    sequence = wary()
    back = WithdrawHeard("w", MORNING + 6 * SECOND, Person("甲"), "读书会", "m5")
    assert sequence.take(back, 1.0) == []
    sequence.take(said(5), 1.1)
    assert sequence.due(1.0 + WINDOW) == [said(5), back]


def test_the_end_of_a_membership_comes_behind_everything_of_its_group() -> None:
    sequence = wary()
    sequence.take(said(5), 1.0)
    sequence.take(said(5, "群二"), 1.0)
    gone: Heard = GroupLeft(MORNING, "读书会")
    assert sequence.take(gone, 1.0) == [said(5), gone]


def test_the_end_of_a_connection_comes_behind_everything() -> None:
    sequence = wary()
    sequence.take(said(5), 1.0)
    sequence.take(said(5, "群二"), 1.0)
    down: Heard = ConnectionHeard(MORNING, "down")
    assert sequence.take(down, 1.0) == [said(5), said(5, "群二"), down]
    assert sequence.next_due() is None


def test_a_flood_is_not_held_without_bound() -> None:
    sequence = wary()
    told = [one for second in range(3 * MOST_HELD) for one in sequence.take(said(second), 1.0)]
    assert told == [said(second) for second in range(2 * MOST_HELD)]


def test_an_old_message_told_again_or_a_clock_set_back_makes_nobody_wait() -> None:
    sequence = Sequence()
    for second in (7200, 7201, 1, 2):
        assert sequence.take(said(second), 1.0) == [said(second)]


def test_good_manners_are_believed_again_after_a_while() -> None:
    sequence = wary(0.0)
    assert sequence.take(said(5), REMEMBERED) == [said(5)]


def happens(second: int, kind: str) -> Happening:
    at, who = MORNING + second * SECOND, Person("乙")
    match kind:
        case "join":
            return JoinHeard(at, "读书会", (who,))
        case "leave":
            return LeaveHeard(at, "读书会", (who,))
        case "withdrawal":
            return WithdrawHeard(f"w{second}", at, who, "读书会", f"m{second - 1}")
        case _:
            return said(second)


@given(
    st.lists(
        st.tuples(st.sampled_from(["message", "message", "join", "leave", "withdrawal"]), st.floats(0, WINDOW * 0.9)),
        min_size=2,
        max_size=40,
    )
)
def test_what_comes_less_than_a_window_late_comes_out_in_order(course: list[tuple[str, float]]) -> None:
    happened = [happens(second, kind) for second, (kind, _) in enumerate(course)]
    arrivals = sorted((second * 0.05 + late, second) for second, (_, late) in enumerate(course))
    sequence, told = wary(-1.0), list[Heard]()
    for at, second in arrivals:
        while (due := sequence.next_due()) is not None and due <= at:
            told += sequence.due(due)
        told += sequence.take(happened[second], at)
    told += sequence.rest()
    assert told == happened


def test_an_hour_back_and_forth_loses_nothing() -> None:
    sequence, told = wary(), list[Heard]()
    spoken = [MessageHeard(f"j{n}", MORNING + n % 3 * HOUR, Person("甲"), "读书会", "") for n in range(9)]
    for number, one in enumerate(spoken):
        told += [*sequence.due(1.0 + number), *sequence.take(one, 1.0 + number)]
    assert sorted(m.id for m in [*told, *sequence.rest()] if isinstance(m, MessageHeard)) == [one.id for one in spoken]
