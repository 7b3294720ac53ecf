"""The same message heard by several accounts is one; the same words said twice are two. In every order of arrival."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.hearings import WITHIN, Hearing, pair
from bot.core.instants import SECOND

ACCOUNTS = ("甲", "乙", "丙")


def heard(account: str, number: int, at: float, digest: str = "早") -> Hearing:
    id_ = f"{account}{number}"
    return Hearing(id_, account, id_, digest, int(at * SECOND))


def count(arrivals: tuple[Hearing, ...]) -> int:
    """How many messages come of hearings that arrive one by one."""
    known: list[Hearing] = []
    for one in arrivals:
        known += pair([one], known)
    return len({one.event for one in known})


def test_one_message_two_accounts_either_way_round() -> None:
    pair_ = (heard("甲", 1, 10), heard("乙", 1, 12))
    assert [count(order) for order in permutations(pair_)] == [1, 1]


def test_said_twice_is_two_whoever_is_heard_first() -> None:
    said = (heard("甲", 1, 10), heard("甲", 2, 11), heard("乙", 1, 10), heard("乙", 2, 11))
    assert {count(order) for order in permutations(said)} == {2}


def test_one_account_alone_says_nothing_twice_by_pairing() -> None:
    assert count((heard("甲", 1, 10), heard("甲", 2, 10))) == 2


def test_what_one_account_missed_counts_all_the_same() -> None:
    said = (heard("甲", 1, 10), heard("乙", 1, 10), heard("乙", 2, 11))
    assert {count(order) for order in permutations(said)} == {2}


def test_other_words_and_other_times_are_other_messages() -> None:
    assert count((heard("甲", 1, 10), heard("乙", 1, 10, "晚"))) == 2
    edge = WITHIN / SECOND
    assert count((heard("甲", 1, 10), heard("乙", 1, 10 + edge))) == 1
    assert count((heard("甲", 1, 10), heard("乙", 1, 10.5 + edge))) == 2


@settings(max_examples=150)
@given(
    times=st.lists(st.integers(0, 30), min_size=1, max_size=5).map(sorted),
    missed=st.sets(st.tuples(st.sampled_from(ACCOUNTS[1:]), st.integers(0, 4)), max_size=4),
    turns=st.lists(st.sampled_from(ACCOUNTS), max_size=15),
    size=st.integers(1, 4),
)
def test_as_many_as_were_said_however_the_accounts_take_turns(
    times: list[int], missed: set[tuple[str, int]], turns: list[str], size: int
) -> None:
    """Each account is told in order, of the second at which the server stamped a message; 甲 misses nothing."""
    streams = {
        account: [heard(account, number, at) for number, at in enumerate(times) if (account, number) not in missed]
        for account in ACCOUNTS
    }
    told = [streams[account].pop(0) for account in turns if streams[account]]
    told += [one for account in ACCOUNTS for one in streams[account]]
    known: list[Hearing] = []
    for start in range(0, len(told), size):
        known += pair(told[start : start + size], known)
    assert len({one.event for one in known}) == len(times)
    assert len({(one.event, one.account) for one in known}) == len(known), "one to one"
