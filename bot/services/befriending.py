"""Taking friend requests: only while the bot may act by itself, and few enough a day that the account lives."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from bot.core.instants import Instant, local_day
from bot.services import delivery
from storage.unit_of_work import UnitOfWork

TAKEN = "friends_taken"
"""Deployment key: the local day and how many requests were taken on it, by account."""
MOST_A_DAY = 20


def take_one(uow: UnitOfWork, now: Instant, zone: ZoneInfo, account: str) -> bool:
    """Use up one of today's places; False when there is none, or a person has to decide."""
    if delivery.mode(uow) != "auto" or delivery.throttled(uow, now, account) is not None:
        return False
    key, today = f"{TAKEN}:{account}", local_day(now, zone)
    day, _, count = (uow.deployment.get(key) or "").partition(":")
    taken = int(count) if day == str(today) else 0
    if taken >= MOST_A_DAY:
        return False
    uow.deployment.put(key, f"{today}:{taken + 1}")
    return True
