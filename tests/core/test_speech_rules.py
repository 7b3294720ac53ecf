"""What a day of speech is worth belongs to the rules that weighed it."""

from __future__ import annotations

from dataclasses import replace
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, MINUTE, parse_instant
from bot.core.ruleset import ActivityRules
from bot.core.speech import Speech

ZONE = ZoneInfo("Asia/Shanghai")
NOON = parse_instant("2026-03-01T12:00:00+08:00")


def test_other_rules_weigh_a_day_anew() -> None:
    speech, rules = Speech(), ActivityRules()
    for place in range(10):
        speech.add(NOON + place * MINUTE, 1.0, ZONE)
    strict = replace(rules, daily_cap=3)
    weighed = [speech.weights(NOON - DAY, NOON + DAY, one, ZONE) for one in (rules, strict, rules)]
    assert [list(days.values()) for days in weighed] == [[10.0], [3.0], [10.0]]
