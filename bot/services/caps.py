"""How much may be said, and when: quiet hours and caps, counted from the table so that a restart forgets nothing."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from zoneinfo import ZoneInfo

from bot.core.attachments import KINDS
from bot.core.instants import DAY, HOUR, MINUTE, Instant, Span, day_at, local_day, local_second
from bot.core.ruleset import OutreachRules
from bot.services import linking
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

PUSHES = ("newcomer_gift", "growth", "level_opening", "recall", "reactivation", "campaign")
"""Kinds that need a consent for marketing, and that the caps per member count."""
RECALLS = ("recall",)


def quiet_until(now: Instant, rules: OutreachRules, zone: ZoneInfo) -> Instant | None:
    """When the quiet hours that cover `now` end, None outside them."""
    second, start, end = local_second(now, zone), rules.quiet_from_hour * 3600, rules.quiet_to_hour * 3600
    day = local_day(now, zone)
    if start <= end:
        return day_at(day, rules.quiet_to_hour, zone) if start <= second < end else None
    if second >= start:
        return day_at(day + 1, rules.quiet_to_hour, zone)
    return day_at(day, rules.quiet_to_hour, zone) if second < end else None


def opening(at: Instant, rules: OutreachRules, zone: ZoneInfo) -> Instant:
    """The first instant from `at` on that lies outside the quiet hours."""
    return quiet_until(at, rules, zone) or at


def push_wait(
    uow: UnitOfWork, row: OutboxRow, now: Instant, rules: OutreachRules, others: Collection[str] = ()
) -> Instant | None:
    """Until when a message of our own accord must wait for its caps, None when it may go.

    others: accounts whose messages count for their own hour and day. An attachment counts too, but keeps no distance
    from the message it belongs to.
    """
    waits = [
        _free_at(uow.outbox.gone_out(now - HOUR, reply=False, besides=others), rules.account_hourly, HOUR),
        _free_at(uow.outbox.gone_out(now - DAY, reply=False, besides=others), rules.account_daily, DAY),
    ]
    if row.to_kind == "group" and row.kind not in KINDS:
        gap = int(rules.group_gap_minutes * MINUTE)
        waits.append(_free_at(uow.outbox.gone_out(now - gap, to=("group", row.to_id), reply=False), 1, gap))
    if row.kind in PUSHES and row.member is not None:
        waits += _member_waits(uow, row, row.member, now, rules)
    return max((until for until in waits if until is not None), default=None)


def _member_waits(
    uow: UnitOfWork, row: OutboxRow, member: str, now: Instant, rules: OutreachRules
) -> list[Instant | None]:
    week = int(rules.member_push_days * DAY)
    waits = [_free_at(_pushed(uow, member, now - week, PUSHES), rules.member_pushes, week)]
    if row.kind in RECALLS:
        month = int(rules.recall_days * DAY)
        waits.append(_free_at(_pushed(uow, member, now - month, RECALLS), 1, month))
    return waits


def _pushed(uow: UnitOfWork, member: str, since: Instant, kinds: Sequence[str]) -> list[Instant]:
    """When a person was written to, under whatever contact id, oldest first."""
    return sorted(at for one in linking.ids(uow, member) for at in uow.outbox.gone_out(since, member=one, kinds=kinds))


def reply_refused(uow: UnitOfWork, row: OutboxRow, now: Instant, rules: OutreachRules) -> bool:
    """Whether an answer to a member's command is one too many in this hour.

    An admin's command always gets its answer, and a questionnaire has a bound of its own; both are let through.
    """
    if row.kind != "command":
        return False
    since = now - HOUR
    if row.member is not None:
        own = uow.outbox.gone_out(since, member=row.member, kinds=("command",), reply=True)
        if len(own) >= rules.replies_member_hourly:
            return True
    if row.to_kind != "group":
        return False
    return len(uow.outbox.gone_out(since, to=("group", row.to_id), reply=True)) >= rules.replies_group_hourly


def _free_at(sent: list[Instant], most: int, span: Span) -> Instant | None:
    """When one more fits into a window of `span`, given what went out inside it; None: now."""
    return None if len(sent) < most else sent[len(sent) - most] + span
