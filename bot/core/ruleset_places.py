"""Rule-set sections about places and relations (RULEBOOK §1 社交关系, §6)."""

from __future__ import annotations

from dataclasses import dataclass

STRICT = {"extra": "forbid", "strict": True}


@dataclass(frozen=True, slots=True)
class PlaceRules:
    """RULEBOOK §6: how sure a city is by its source, and how long a visit keeps a 商圈 tag."""

    __pydantic_config__ = STRICT

    gps_weight: float = 0.9
    ip_weight: float = 0.6
    agree_weight: float = 1.0
    fence_days: float = 30.0


@dataclass(frozen=True, slots=True)
class SocialRules:
    """RULEBOOK §1: how far back 好友关联度 looks, and when an invitee has stayed."""

    __pydantic_config__ = STRICT

    tie_days: float = 90.0
    stay_days: float = 7.0
