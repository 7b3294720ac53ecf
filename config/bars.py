"""Which values a rule set cannot have: bars in the wrong order, windows of no length, shares above the whole."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from itertools import pairwise

from bot.core.facts import KEPT_DAYS
from bot.core.ruleset import RuleSet

CUSTOM = "custom"
"""The part of a rule set that is no section of bars (config.custom_tags checks it)."""
LARGEST = 1_000_000_000
_YEARS = 100
_LONGEST = {
    "months": _YEARS * 12,
    "days": _YEARS * 365,
    "hours": _YEARS * 365 * 24,
    "minutes": _YEARS * 365 * 24 * 60,
}
"""A century in the unit a key ends in: far beyond any use, and far from where dates cannot be written any more."""

POSITIVE = frozenset(
    """
    activity.daily_cap activity.recent_days activity.long_days activity.decay_half_days activity.checkin_week
    activity.checkin_month lifecycle.average_days lifecycle.mature_purchases lifecycle.mature_days
    place.fence_days social.tie_days cohort.least_members cohort.window_days cohort.rfm_orders
    content.days content.strong_items content.form_items content.period_items content.form_share content.period_share
    spending.potential_views spending.potential_days identity.newcomer_hours identity.term_least_months
    identity.review_messages identity.review_days identity.review_year_days identity.idle_months
    identity.koc_followers identity.backup_silence_hours outreach.holdout_one_in
    quality.start quality.length_full quality.information_full
    quality.keyword_scale repetition.repeat_minutes repetition.flood_seconds repetition.similarity
    advert.bar advert.many advert.suspect advert.copy_similarity
    """.split()
)
"""What is divided by, or what would make everybody reach a bar that nobody has reached."""

_REMEMBERED = KEPT_DAYS - 2
"""Speech and clicks are kept for little more than a month, so no window over them may be longer."""

_STRENGTHS = """
    contact_offer solicit_offer link_offer short_link_offer priced_contact many_offers sales_two sales_three
    classifier excused bar own_groups others_copies newcomers_copies first_words first_contact join_wave attachment
    group_burst copy_similarity
    """.split()
"""Of section advert: they join as 1 − Π(1 − s), which says nothing of what is above 1."""

_LOOKS_BACK = (
    "advert.copy_minutes",
    "advert.newcomer_minutes",
    "advert.attachment_minutes",
    "advert.wave_minutes",
    "advert.usual_minutes",
)
"""So much of the log is read at each start, and again for each message that comes late."""

MOST = {
    "activity.recent_days": _REMEMBERED,
    "activity.long_days": _REMEMBERED,
    "lifecycle.average_days": _REMEMBERED,
    "identity.review_days": _REMEMBERED,
    "cohort.window_days": _REMEMBERED,
    "activity.recent_share": 1,
    "activity.keep_ratio": 1,
    "activity.checkin_week": 7,
    "activity.checkin_month": 30,
    "content.form_share": 1,
    "content.period_share": 1,
    "identity.review_quality": 2,
    "quality.most": 2,
    "repetition.similarity": 1,
    "repetition.partial_floor": 1,
    "outreach.quiet_from_hour": 23,
    "outreach.quiet_to_hour": 23,
    "spending.high_ability": 100,
    "place.agree_weight": 1,
    **dict.fromkeys(_LOOKS_BACK, 24 * 60),
    **{f"advert.{name}": 1 for name in _STRENGTHS},
}

RISING = (
    ("activity.recent_days", "activity.long_days"),
    ("lifecycle.newcomer_days", "lifecycle.decline_silence_days"),
    ("lifecycle.decline_silence_days", "lifecycle.lost_silence_days"),
    ("spending.recent_days", "spending.warm_days", "spending.cool_days"),
    ("spending.cold_factor", "spending.cool_factor", "spending.warm_factor", "spending.recent_factor"),
    ("cohort.repurchase_least", "cohort.repurchase_most"),
    ("identity.term_least_months", "identity.term_months", "identity.term_most_months"),
    ("identity.review_reminder_days", "identity.review_year_days"),
    ("place.ip_weight", "place.gps_weight", "place.agree_weight"),
    ("quality.wordless_cap", "quality.filler_cap", "quality.most"),
    ("quality.start", "quality.wordless_cap"),
    ("repetition.partial_from", "repetition.similarity"),
    ("advert.classifier_beside", "advert.bar"),
    ("advert.suspect", "advert.bar"),
    ("advert.first_words", "advert.first_contact"),
    ("advert.sales_two", "advert.sales_three"),
)
"""Each may equal the next but not exceed it."""

CLIMBING = (
    ("spending.middle_ability", "spending.high_ability"),
    ("identity.koc_followers", "identity.kol_followers"),
)
"""Levels: each lies below the next, or one of them could not be reached."""


def longest(place: str) -> int:
    """The largest value that section.key may take at all, by the unit in its name."""
    return _LONGEST.get(place.rpartition(".")[2].rpartition("_")[2], LARGEST)


def impossible(rules: RuleSet) -> str | None:
    """The first thing wrong with these rules, in Chinese, naming section.key; None when nothing is."""
    return next(_problems(_values(rules)), None)


def _values(rules: RuleSet) -> dict[str, float]:
    sections = {one.name: getattr(rules, one.name) for one in fields(rules) if one.name != CUSTOM}
    return {
        f"{name}.{one.name}": getattr(section, one.name)
        for name, section in sections.items()
        for one in fields(section)
    }


def _problems(values: dict[str, float]) -> Iterator[str]:
    for key, value in values.items():
        if key in POSITIVE and value <= 0:
            yield f"{key} 须大于 0"
        if value > MOST.get(key, value):
            yield f"{key} 最多 {MOST[key]}，不能是 {value:g}"
    yield from _disorder(values)
    yield from _weightless(values)
    yield from _blind(values)


def _disorder(values: dict[str, float]) -> Iterator[str]:
    for chain in RISING:
        for lower, upper in pairwise(chain):
            if values[lower] > values[upper]:
                yield f"{lower}（{values[lower]:g}）不能大于 {upper}（{values[upper]:g}）"
    for lower, upper in CLIMBING:
        if values[lower] >= values[upper]:
            yield f"{lower}（{values[lower]:g}）须小于 {upper}（{values[upper]:g}）"


def _weightless(values: dict[str, float]) -> Iterator[str]:
    """Weights are rescaled when a part is unknown, so what is always known must weigh something."""
    if values["spending.weight_total"] + values["spending.weight_frequency"] + values["spending.weight_average"] <= 0:
        yield "spending.weight_total、weight_frequency、weight_average 不能同时为 0"
    if values["activity.score_activity"] + values["activity.score_identity"] <= 0:
        yield "activity.score_activity、score_identity 不能同时为 0"


def _blind(values: dict[str, float]) -> Iterator[str]:
    """A message is one of its own repeats; and the window of repeats is all that is remembered of a burst."""
    if values["repetition.repeat_count"] < 2:
        yield "repetition.repeat_count 至少 2，否则每条消息都是刷屏"
    if values["repetition.flood_seconds"] > values["repetition.repeat_minutes"] * 60:
        yield "repetition.flood_seconds 不能长于 repetition.repeat_minutes"
    if values["advert.wave_joins"] < 2:
        yield "advert.wave_joins 至少 2，否则每次入群都是入群潮"
