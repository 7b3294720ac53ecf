"""The rule set: every bar of the RULEBOOK as one typed field of one immutable value.

Defaults are the RULEBOOK's; `config/rulesets/default.toml` states each again with a comment for the operator. The
loader (config.loader) is strict: an unknown key or a wrong type is refused with its name.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.core.adverts import AdRules
from bot.core.custom_tags import CustomTag
from bot.core.quality import QualityRules
from bot.core.repetition import RepetitionRules
from bot.core.ruleset_people import CohortRules, ContentRules, IdentityRules, SpendingRules
from bot.core.ruleset_places import PlaceRules, SocialRules

STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, slots=True)
class ActivityRules:
    """RULEBOOK §2: activity index, levels and decay."""

    __pydantic_config__ = STRICT

    daily_cap: int = 20
    speech_gap_seconds: float = 3.0
    dwell_cap_minutes: float = 5.0
    recent_days: int = 7
    long_days: int = 30
    recent_share: float = 0.6
    day_cap_medians: float = 3.0
    day_cap_least: float = 5.0
    high: float = 3.0
    middle: float = 1.0
    keep_ratio: float = 0.9
    decay_after_days: float = 30.0
    decay_half_days: float = 15.0
    core_score: float = 60.0
    fringe_score: float = 20.0
    score_activity: float = 50.0
    score_ability: float = 30.0
    score_identity: float = 20.0
    checkin_week: int = 6
    checkin_month: int = 24

    def __post_init__(self) -> None:
        if not 0 < self.middle < self.high or not 0 <= self.fringe_score < self.core_score <= 100:
            raise ValueError("activity：门槛须满足 0 < middle < high 且 0 ≤ fringe_score < core_score ≤ 100")


@dataclass(frozen=True, slots=True)
class LifecycleRules:
    """RULEBOOK §3: bars of the stage table. Days are 24 hours."""

    __pydantic_config__ = STRICT

    evaluation_hour: int = 4
    growth_weekly: float = 3.0
    average_days: float = 14.0
    quiet_week_messages: int = 3
    newcomer_days: float = 7.0
    gift_after_days: float = 3.0
    mature_purchases: int = 3
    mature_days: float = 90.0
    decline_silence_days: float = 30.0
    dormant_rest_days: float = 30.0
    lost_silence_days: float = 60.0
    lost_decline_days: float = 30.0
    protection_days: float = 3.0

    def __post_init__(self) -> None:
        if not 0 <= self.evaluation_hour <= 23:
            raise ValueError("lifecycle.evaluation_hour 须为 0–23")


@dataclass(frozen=True, slots=True)
class StandingRules:
    """RULEBOOK §7: the ladder of 争议用户."""

    __pydantic_config__ = STRICT

    restrict_within_days: float = 7.0
    reopen_within_days: float = 30.0


@dataclass(frozen=True, slots=True)
class OutreachRules:
    """RULEBOOK §9: when and how much the bot may speak."""

    __pydantic_config__ = STRICT

    welcome_gather_minutes: float = 10.0
    quiet_from_hour: int = 22
    quiet_to_hour: int = 8
    group_gap_minutes: float = 10.0
    account_hourly: int = 20
    account_daily: int = 100
    recall_days: float = 30.0
    member_pushes: int = 3
    member_push_days: float = 7.0
    replies_member_hourly: int = 3
    replies_group_hourly: int = 30
    checkin_summary_minutes: float = 30.0
    stale_hours: float = 24.0
    holdout_one_in: int = 10
    throttle_stop_hours: float = 12.0


@dataclass(frozen=True, slots=True)
class PrivacyRules:
    """RULEBOOK §8: how long things are kept."""

    __pydantic_config__ = STRICT

    text_days: float = 30.0
    network_days: float = 7.0
    departed_days: float = 90.0


@dataclass(frozen=True, slots=True)
class RuleSet:
    """All rules of one version."""

    __pydantic_config__ = STRICT

    activity: ActivityRules = field(default_factory=ActivityRules)
    lifecycle: LifecycleRules = field(default_factory=LifecycleRules)
    standing: StandingRules = field(default_factory=StandingRules)
    content: ContentRules = field(default_factory=ContentRules)
    spending: SpendingRules = field(default_factory=SpendingRules)
    cohort: CohortRules = field(default_factory=CohortRules)
    identity: IdentityRules = field(default_factory=IdentityRules)
    place: PlaceRules = field(default_factory=PlaceRules)
    social: SocialRules = field(default_factory=SocialRules)
    outreach: OutreachRules = field(default_factory=OutreachRules)
    privacy: PrivacyRules = field(default_factory=PrivacyRules)
    quality: QualityRules = field(default_factory=QualityRules)
    repetition: RepetitionRules = field(default_factory=RepetitionRules)
    advert: AdRules = field(default_factory=AdRules)
    custom: tuple[CustomTag, ...] = ()
