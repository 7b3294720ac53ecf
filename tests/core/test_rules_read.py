"""What a rule says it reads of a rule set: its tags hang on nothing else there, so that others need not be heard."""

from __future__ import annotations

from dataclasses import fields, replace

from hypothesis import given, settings

from bot.core.activity import INDEX_BARS, indexed
from bot.core.entry import Entry
from bot.core.instants import Instant
from bot.core.rules import RULES
from bot.core.rules.spec import Rule, say
from bot.core.ruleset import ActivityRules, RuleSet
from bot.core.world import RuleVersion, World
from tests.core.folding import folded
from tests.core.histories import SHANGHAI, WORLD, histories, instants

USUAL = RuleSet()
OTHER = {
    "activity": replace(USUAL.activity, high=0.5, middle=0.1, long_days=9, checkin_week=1, checkin_month=1),
    "lifecycle": replace(USUAL.lifecycle, growth_weekly=0.5, average_days=3.0, mature_purchases=1),
    "standing": replace(USUAL.standing, restrict_within_days=1.0),
    "content": replace(USUAL.content, topic_share=0.01, form_items=1, period_items=1, period_share=0.9),
    "spending": replace(USUAL.spending, total_middle=1.0, total_high=2.0, average_middle=1.0, potential_views=1),
    "cohort": replace(USUAL.cohort, window_days=1.0, least_members=1),
    "identity": replace(USUAL.identity, newcomer_hours=9_000.0, probation_days=1.0, review_quality=0.1),
    "place": replace(USUAL.place, ip_weight=0.1, gps_weight=0.2),
    "social": replace(USUAL.social, tie_days=1.0),
    "repetition": replace(USUAL.repetition, flood_messages=1),
}


NOT_OF_THE_INDEX = replace(
    USUAL.activity,
    dwell_cap_minutes=1.0,
    high=0.5,
    middle=0.1,
    keep_ratio=0.2,
    decay_after_days=1.0,
    decay_half_days=2.0,
    core_score=50.0,
    fringe_score=1.0,
    score_activity=1.0,
    score_ability=90.0,
    score_identity=2.0,
    checkin_week=1,
    checkin_month=1,
)
"""Every bar of an activity that `INDEX_BARS` leaves out, otherwise."""


def told(rule: Rule, entries: list[Entry], rules: RuleSet) -> list[tuple[object, ...]]:
    until = max(entry.at for entry in entries)
    facts, _ = folded(entries, WORLD, until)
    tags, _ = say(rule, facts, World(SHANGHAI, (RuleVersion(0, 1, rules),)), until)
    return [(tag.path, tag.value, tag.weight, tag.expires_at) for tag in tags]


@settings(max_examples=25, deadline=None)
@given(histories())
def test_a_rule_hangs_on_the_sections_it_names(entries: list[Entry]) -> None:
    for rule in RULES:
        if rule.reads is not None:
            others = {name: section for name, section in OTHER.items() if name not in rule.reads}
            assert told(rule, entries, replace(USUAL, **others)) == told(rule, entries, USUAL), rule.name


@settings(max_examples=25, deadline=None)
@given(histories(), instants())
def test_the_index_hangs_on_the_bars_it_names(entries: list[Entry], at: Instant) -> None:
    facts, _ = folded(entries, WORLD, max(entry.at for entry in entries))
    assert indexed(facts, WORLD, at, NOT_OF_THE_INDEX) == indexed(facts, WORLD, at, USUAL.activity)


def test_a_bar_is_one_of_the_index_or_changed_above() -> None:
    names = {own.name for own in fields(ActivityRules)}
    changed = {name for name in names if getattr(NOT_OF_THE_INDEX, name) != getattr(USUAL.activity, name)}
    assert changed == names - set(INDEX_BARS)
