"""The hours a member is usually there: planned sends wait for them, at most 24 h (RULEBOOK §9).

Quiet hours are those of the member's own zone where it is known with his consent (时区差异), else the group's. His
时段 is told in hours of the group (RULEBOOK §4).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, HOUR, Instant, day_at, local_day, local_second
from bot.core.rules.geography import ZONE_PATH
from bot.core.ruleset import OutreachRules
from bot.services import caps
from storage.rows import TagRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.outreach import Speaking

ZONE_REASON = "本人时区"
PERIOD_PATH = "内容偏好/时段"
PERIODS = {"早": (5, 11), "午": (11, 17), "晚": (17, 29)}
"""Local hours, from and to (exclusive); 29 is five in the morning after (RULEBOOK §4)."""


def for_member(uow: UnitOfWork, member: str, speaking: Speaking) -> Instant:
    """When a push planned now may go to the member."""
    tags = uow.tags.of_members([member]).get(member, [])
    period = next((tag.value for tag in tags if tag.path == PERIOD_PATH), "")
    own = _told_zone(tags) or speaking.zone
    return in_period(speaking.as_of, period, speaking.rules.outreach, speaking.zone, own)


def zone_of(uow: UnitOfWork, member: str, group: ZoneInfo) -> ZoneInfo:
    """The zone whose night is the member's; `group` where none is known."""
    return _told_zone(uow.tags.of_members([member]).get(member, [])) or group


def _told_zone(tags: Sequence[TagRow]) -> ZoneInfo | None:
    """The tag names its zone among its reasons; one given by hand or from outside names none."""
    named = next((tag.because.get(ZONE_REASON) for tag in tags if tag.path == ZONE_PATH), None)
    return None if named is None else ZoneInfo(named)


def in_period(at: Instant, period: str, rules: OutreachRules, zone: ZoneInfo, own: ZoneInfo) -> Instant:
    """The first instant from `at` on inside a period (of `zone`) and outside the quiet hours (of `own`).

    `at` when there is none in 24 h.
    """
    if period not in PERIODS:
        return at
    hour = at
    while hour <= at + DAY:
        begins = caps.opening(hour, rules, own)
        if _is_in(begins, period, zone):
            return begins if begins <= at + DAY else at
        hour = _next_hour(hour, zone)
    return at


def _is_in(at: Instant, period: str, zone: ZoneInfo) -> bool:
    start, end = PERIODS[period]
    hour = local_second(at, zone) // 3600
    return start <= hour < end or start <= hour + 24 < end


def _next_hour(at: Instant, zone: ZoneInfo) -> Instant:
    hour = local_second(at, zone) // 3600 + 1
    day = local_day(at, zone)
    following = day_at(day + hour // 24, hour % 24, zone)
    # Where clocks are put forward an hour is missing.
    return following if following > at else at + HOUR
