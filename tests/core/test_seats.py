"""Which account speaks where, and where nobody has listened."""

from __future__ import annotations

from bot.core.seats import Seat, deaf_from, last_heard, speakers

SEATS = [
    Seat("甲", "一群", 1),
    Seat("乙", "一群", 2),
    Seat("乙", "二群", 3),
    Seat("甲", "二群", 4),
    Seat("甲", "三群", 5, 9),
]


def test_who_came_first_speaks_until_it_is_away_and_then_the_next() -> None:
    assert speakers(SEATS, ["甲", "乙"], {}) == {"一群": "甲", "二群": "乙"}
    assert speakers(SEATS, ["甲", "乙"], {"一群": "乙"}) == {"一群": "乙", "二群": "乙"}, "who has the word keeps it"
    assert speakers(SEATS, ["乙"], {"一群": "甲"}) == {"一群": "乙", "二群": "乙"}
    assert speakers(SEATS, ["甲"], {"三群": "甲"}) == {"一群": "甲", "二群": "甲"}, "it sits in the third no more"
    assert speakers(SEATS, [], {"一群": "甲"}) == {}


def test_of_those_who_came_together_the_older_account_speaks() -> None:
    together = [Seat("甲", "群", 1), Seat("乙", "群", 1)]
    assert speakers(together, ["乙", "甲"], {}) == {"群": "乙"}


def test_a_group_was_heard_as_long_as_any_of_its_accounts_listened() -> None:
    last = last_heard(SEATS, {"甲": 50, "乙": 70}.get)
    assert last == {"一群": 70, "二群": 70, "三群": 9}
    assert last_heard(SEATS, {"乙": 70}.get) == {"一群": 70, "二群": 70, "三群": 9}


def test_deafness_is_told_from_where_it_was_told_last_and_not_for_a_moment() -> None:
    last = {"一群": 70, "二群": 95}
    assert deaf_from(last, [], 100, 10) == {"一群": 70}
    assert deaf_from(last, [(70, 80, "一群"), (70, 99, "二群")], 100, 10) == {"一群": 80}
    assert deaf_from(last, [(70, 95, None)], 100, 10) == {}
    assert deaf_from(last, [], 200, 10, {"二群"}) == {"二群": 95}
