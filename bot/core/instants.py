"""Instants: whole microseconds since 1970-01-01T00:00Z, as plain ints.

One representation in core, storage and services: no naive datetime can exist, both databases keep the same
number, and windows are integer arithmetic. A datetime appears only where a person or a file is met.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo

Instant = int
Span = int

SECOND: Span = 1_000_000
MINUTE: Span = 60 * SECOND
HOUR: Span = 60 * MINUTE
DAY: Span = 24 * HOUR
MONTH: Span = 30 * DAY
"""A month is 30 days, unrounded, except where "calendar month" stands (RULEBOOK §0)."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)
_LATEST = datetime(2100, 1, 1, tzinfo=UTC)
_LATEST_SECOND = _LATEST.timestamp()


class BadInstant(ValueError):
    """A time that cannot be used: naive, unreadable, or outside 1970–2099."""


def from_datetime(moment: datetime) -> Instant:
    """Microseconds of an aware datetime. Raises BadInstant for a naive or absurd one."""
    if moment.tzinfo is None:
        raise BadInstant("时间没有时区偏移")
    if not _EARLIEST <= moment < _LATEST:
        raise BadInstant("时间超出 1970–2099 年")
    return (moment - _EPOCH) // timedelta(microseconds=1)


def parse_instant(value: object) -> Instant:
    """Read ISO 8601 with offset, or epoch seconds. Raises BadInstant."""
    if isinstance(value, str):
        return _parse_iso(value)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        raise BadInstant("时间应为带时区的 ISO 8601 或纪元秒")
    if not 0 <= value < _LATEST_SECOND:
        raise BadInstant("时间超出 1970–2099 年")
    return round(value * SECOND)


def _parse_iso(text: str) -> Instant:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise BadInstant("时间不是 ISO 8601 格式") from None
    try:
        return from_datetime(moment)
    except OverflowError:
        raise BadInstant("时间超出 1970–2099 年") from None


def to_datetime(at: Instant, zone: tzinfo = UTC) -> datetime:
    """The aware datetime of an instant, in `zone`."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(zone)


def iso(at: Instant | None, zone: tzinfo = UTC) -> str | None:
    """ISO 8601 text with offset, or None for None."""
    return None if at is None else to_datetime(at, zone).isoformat()


@lru_cache(maxsize=8192)
def _offset(half_hour: int, zone: ZoneInfo) -> Span:
    moment = to_datetime(half_hour * 30 * MINUTE, zone)
    offset = moment.utcoffset() or timedelta()
    return offset // timedelta(microseconds=1)


def local_day(at: Instant, zone: ZoneInfo) -> int:
    """Number of the group-local calendar day (days since 1970-01-01 on the local calendar)."""
    return (at + _offset(at // (30 * MINUTE), zone)) // DAY


def local_second(at: Instant, zone: ZoneInfo) -> int:
    """Seconds since local midnight, 0–86,399."""
    return (at + _offset(at // (30 * MINUTE), zone)) % DAY // SECOND


@lru_cache(maxsize=4096)
def day_at(day: int, hour: int, zone: ZoneInfo, minute: int = 0) -> Instant:
    """The instant of `hour:minute` local time on local day number `day`."""
    moment = datetime.combine(date(1970, 1, 1) + timedelta(days=day), time(hour, minute), tzinfo=zone)
    return from_datetime(moment.astimezone(UTC))


def last_daily(before: Instant, hour: int, zone: ZoneInfo) -> Instant:
    """The last `hour`:00 local time that lies strictly before `before`."""
    day = local_day(before, zone)
    today = day_at(day, hour, zone)
    return today if today < before else day_at(day - 1, hour, zone)


def next_daily(after: Instant, hour: int, zone: ZoneInfo) -> Instant:
    """The first `hour`:00 local time that lies strictly after `after`."""
    day = local_day(after, zone)
    today = day_at(day, hour, zone)
    return today if today > after else day_at(day + 1, hour, zone)
