"""Rule-set sections about spending and identities (RULEBOOK §5, §7)."""

from __future__ import annotations

from dataclasses import dataclass

STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, slots=True)
class SpendingRules:
    """RULEBOOK §5: tiers (yuan), weights and recency factors of 消费能力."""

    __pydantic_config__ = STRICT

    total_middle: float = 10_000.0
    total_high: float = 50_000.0
    monthly_middle: float = 1.0
    monthly_high: float = 5.0
    average_middle: float = 200.0
    average_high: float = 500.0
    response_middle: float = 0.8
    response_high: float = 0.5
    weight_total: float = 0.4
    weight_frequency: float = 0.3
    weight_average: float = 0.2
    weight_response: float = 0.1
    recent_days: float = 30.0
    recent_factor: float = 1.5
    warm_days: float = 90.0
    warm_factor: float = 1.0
    cool_days: float = 180.0
    cool_factor: float = 0.7
    cold_factor: float = 0.4
    high_ability: float = 60.0
    middle_ability: float = 30.0
    potential_views: int = 3
    potential_days: float = 30.0

    def __post_init__(self) -> None:
        for name in ("total", "monthly", "average"):
            if not 0 < getattr(self, f"{name}_middle") < getattr(self, f"{name}_high"):
                raise ValueError(f"spending：{name}_middle 须大于 0 且小于 {name}_high")
        if not 0 <= self.response_high < self.response_middle <= 1:
            raise ValueError("spending：须满足 0 ≤ response_high < response_middle ≤ 1")


@dataclass(frozen=True, slots=True)
class CohortRules:
    """RULEBOOK §0 Quantiles, §2 conversion weight, §5 RFM: who is compared, over which days, by which fixed bars."""

    __pydantic_config__ = STRICT

    least_members: int = 20
    window_days: float = 30.0
    repurchase_days: float = 30.0
    repurchase_least: float = 0.2
    repurchase_most: float = 3.0
    rfm_days: float = 30.0
    rfm_orders: int = 3
    rfm_total: float = 1000.0


@dataclass(frozen=True, slots=True)
class IdentityRules:
    """RULEBOOK §7: terms and bars of special identities."""

    __pydantic_config__ = STRICT

    newcomer_hours: float = 72.0
    term_months: int = 6
    term_least_months: int = 3
    term_most_months: int = 6
    probation_days: float = 30.0
    backup_silence_hours: float = 72.0
    term_reminder_days: float = 7.0
    kol_followers: int = 50_000
    koc_followers: int = 1_000
    review_messages: int = 4
    review_quality: float = 1.5
    review_days: float = 30.0
    review_year_days: float = 365.0
    review_reminder_days: float = 14.0
    idle_months: int = 3


@dataclass(frozen=True, slots=True)
class ContentRules:
    """RULEBOOK §4: shares of topics, forms and hours over `days` daily evaluations."""

    __pydantic_config__ = STRICT

    days: int = 90
    item_words: int = 4
    strong_items: int = 10
    strong_share: float = 0.6
    topic_share: float = 0.2
    form_items: int = 5
    form_share: float = 0.5
    period_items: int = 5
    period_share: float = 0.5

    def __post_init__(self) -> None:
        if not 0 < self.topic_share <= self.strong_share <= 1:
            raise ValueError("content：须满足 0 < topic_share ≤ strong_share ≤ 1")
