"""Evidence that a vanished and a new contact id are one person; a nickname alone is none."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.core.resemblance import Trace, likeness, matches

OLD = Trace(frozenset({"g"}), ("小王", "阿王"), "老同学", "p1", True, frozenset("abcd"), frozenset({("g", "杭州-王")}))
NEW = Trace(frozenset({"g"}), ("阿王",), "", "", False)


def proposed(gone: dict[str, Trace], come: dict[str, Trace]) -> list[tuple[str, str]]:
    return [(match.old, match.new) for match in matches(gone, come)]


@pytest.mark.parametrize(
    ("changes", "enough"),
    [
        ({}, False),
        ({"avatar": "p1"}, True),
        ({"avatar": "p2"}, False),
        ({"alias": "老同学"}, True),
        ({"friend": True}, True),
        ({"ties": frozenset("abx")}, True),
        ({"ties": frozenset("axyz")}, False),
        ({"called": frozenset({("g", "杭州-王")})}, False),
        ({"called": frozenset({("g", "杭州-王")}), "names": (), "friend": True}, True),
        ({"called": frozenset({("h", "杭州-王")}), "names": (), "friend": True}, False),
        ({"names": ("小王",)}, False),
        ({"names": ("小王",), "ties": frozenset("ab")}, True),
        ({"names": (), "ties": frozenset("abcd"), "friend": True}, True),
        ({"names": (), "ties": frozenset("abcd")}, False),
        ({"rooms": frozenset({"h"}), "avatar": "p1", "alias": "老同学"}, False),
    ],
)
def test_what_suffices_beside_the_nickname(changes: dict[str, object], enough: bool) -> None:
    new = replace(NEW, **changes)  # type: ignore[arg-type]
    assert likeness(OLD, new).suffices == enough
    assert proposed({"old": OLD}, {"new": new}) == ([("old", "new")] if enough else [])


def test_the_same_two_groups_speak_for_it_a_third_does_not() -> None:
    rooms = frozenset({"g", "h"})
    assert proposed({"old": replace(OLD, rooms=rooms)}, {"new": replace(NEW, rooms=rooms)}) == [("old", "new")]
    assert proposed({"old": replace(OLD, rooms=rooms)}, {"new": NEW}) == []


def test_of_two_equally_good_none_is_proposed_of_two_unequal_the_better() -> None:
    like, better = replace(NEW, avatar="p1"), replace(NEW, avatar="p1", friend=True)
    assert proposed({"old": OLD}, {"n1": like, "n2": like}) == []
    assert proposed({"o1": OLD, "o2": OLD}, {"new": like}) == []
    assert proposed({"old": OLD}, {"n1": like, "n2": better}) == [("old", "n2")]


def test_nicknames_of_any_number_are_still_nicknames() -> None:
    rooms = frozenset({"g"})
    assert proposed({"old": Trace(rooms, ("甲", "乙"))}, {"new": Trace(rooms, ("甲", "乙"))}) == []
