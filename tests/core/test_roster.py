"""Two member lists: what may be concluded, and what not."""

from __future__ import annotations

import pytest

from bot.core.roster import Change, compare


def people(count: int, start: int = 0) -> set[str]:
    return {f"w{number}" for number in range(start, start + count)}


def test_who_came_and_who_went() -> None:
    assert compare({"a", "b", "c"}, {"a", "b", "d"}) == Change(frozenset("d"), frozenset("c"))


def test_two_in_a_small_group_are_people_three_in_ten_may_be_new_ids() -> None:
    assert compare(people(5), people(5, 2)) == Change(frozenset({"w5", "w6"}), frozenset({"w0", "w1"}))
    assert compare(people(10), people(10, 3)) == Change(new_ids=True)


def test_a_tenth_of_a_large_group_may_change() -> None:
    assert not compare(people(100), people(100, 10)).new_ids
    assert compare(people(100), people(100, 11)).new_ids


@pytest.mark.parametrize("left", [0, 1, 20, 249])
def test_a_group_of_500_does_not_vanish(left: int) -> None:
    assert compare(people(500), people(left)) == Change()


def test_a_list_that_was_not_whole_before_brings_no_crowd_of_newcomers() -> None:
    assert compare(people(10), people(500)) == Change()
    assert len(compare(people(10), people(20)).joined) == 10
    assert len(compare(set(), people(5)).joined) == 5
