"""Coupon codes: given once when a message goes, and answered once, by their use or by running out (RULEBOOK §9)."""

from __future__ import annotations

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from bot.core.campaigns import COUPON, UNTIL, Campaigns
from bot.core.events import Event
from bot.core.instants import DAY, Instant, iso
from storage.repositories.coupons import CouponRow
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork


def free_code(uow: UnitOfWork, campaigns: Campaigns, pool: str) -> str | None:
    """The next code of a pool; None when all are gone, or the pool is not configured any more."""
    known = campaigns.pools.get(pool)
    gone = uow.coupons.given(pool)
    return next((code for code in known.codes if code not in gone), None) if known is not None else None


def lacks_code(uow: UnitOfWork, row: OutboxRow, campaigns: Campaigns) -> bool:
    """Whether a message says nothing without a code, and there is none."""
    cause = row.cause
    return "pool" in cause and "plain" not in cause and free_code(uow, campaigns, cause["pool"]) is None


def fill_in(uow: UnitOfWork, row: OutboxRow, campaigns: Campaigns, now: Instant, zone: ZoneInfo) -> OutboxRow:
    """The message with the code that is given with it; without one where it can be said without."""
    code = free_code(uow, campaigns, row.cause["pool"])
    if code is None:
        return row._replace(text=row.cause["plain"])
    pool = campaigns.pools[row.cause["pool"]]
    until = now + pool.days * DAY
    uow.coupons.give(CouponRow(pool.name, code, row.member, row.dedupe_key, now, until))
    day = (iso(until, zone) or "")[:10]
    return row._replace(text=row.text.replace(COUPON, code).replace(UNTIL, f" {day} "))


def used(uow: UnitOfWork, kept: Sequence[Event]) -> list[Event]:
    """The `promotion` responses that newly recorded orders are: each uses the member's oldest good code."""
    orders = [event for event in kept if event.type == "order" and event.body.get("promotion")]
    if not orders:
        return []
    buyers = {event.member or "" for event in orders}
    mains = {link.old: link.member for link in uow.links.formers(buyers)}
    open_ = uow.coupons.unanswered({*buyers, *mains})
    answers: list[Event] = []
    for event in orders:
        his = (one for one in open_ if mains.get(one.member or "", one.member) == event.member)
        good = (one for one in his if one.given_at <= event.at < one.expires_at)
        coupon = next(good, None)
        if coupon is not None:
            open_.remove(coupon)
            answers.append(_answered(uow, coupon, event.at, responded=True))
    return answers


def ran_out(uow: UnitOfWork, at: Instant) -> list[Event]:
    """Codes that nobody used are answered no, each at the instant it ran out."""
    return [_answered(uow, one, one.expires_at, responded=False) for one in uow.coupons.run_out(at)]


def _answered(uow: UnitOfWork, coupon: CouponRow, at: Instant, *, responded: bool) -> Event:
    uow.coupons.answer(coupon.pool, coupon.code)
    name = f"{coupon.pool}:{coupon.code}"
    return Event("promotion", f"coupon:{name}", at, coupon.member, None, {"promotion": name, "responded": responded})
