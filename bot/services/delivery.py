"""Deciding at the last moment: a due message has its reason looked at again, then its hours, the mode and the caps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal
from zoneinfo import ZoneInfo

from bot.core.campaigns import Campaigns
from bot.core.instants import HOUR, MINUTE, Instant
from bot.core.ruleset import OutreachRules
from bot.core.seats import Serving
from bot.services import admins, attaching, caps, coupons, hours, passes, reasons, welcome
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

MODE, THROTTLED, HELD_UNTIL = "mode", "throttled_until", "pushes_held_until"
MODE_ANSWER = "mode"
"""Kind of the answers to #模式: who makes the bot fall silent is told so, though an observing bot says nothing else."""
CONFIRMED = "confirmed"
"""What the batch name of messages begins with that a person has let go."""
LOOK_AGAIN = 30 * MINUTE
"""How often it is looked whether somebody has become a friend."""
LOST_AFTER = 10 * MINUTE
"""A message that is being sent for longer was left behind by a process that died."""
BOUND = 500
LISTED, SHOWN = 20, 40
"""Messages, and characters of each, in the request to confirm them."""


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a due message: it goes, waits until `until`, is held for a person, or ends as `status`."""

    fate: Literal["go", "wait", "hold", "end"]
    status: str = ""
    reason: str = ""
    until: Instant | None = None


@dataclass(frozen=True, slots=True)
class Terms:
    """What is decided by. text: a message's wording by key; account: whose sending it is; serving: which of all
    messages are its own, None where it is the only account.
    """

    rules: OutreachRules
    zone: ZoneInfo
    text: Callable[..., str]
    account: str | None = None
    campaigns: Campaigns = field(default_factory=Campaigns)
    serving: Serving | None = None

    @property
    def others(self) -> frozenset[str]:
        """Accounts whose sending counts for their own caps."""
        return frozenset() if self.serving is None else self.serving.others


GO = Decision("go")


def mode(uow: UnitOfWork) -> str:
    return uow.deployment.get(MODE) or "auto"


def next_claim(uow: UnitOfWork, now: Instant, terms: Terms) -> OutboxRow | None:
    """Claim the next message that may go now; everything due before it is put where it belongs."""
    uow.outbox.decide_alone()
    uow.outbox.recover(now, claimed_before=now - LOST_AFTER)
    uow.outbox.expire(now)
    if throttled(uow, now, terms.account) is not None:
        return None
    held: list[OutboxRow] = []
    claimed = None
    for row in uow.outbox.claimable(now, BOUND, terms.serving):
        decision = decide(uow, row, now, terms)
        if decision.fate == "go":
            claimed = _claim(uow, row, now, terms)
            if claimed is not None:
                break
        _put(uow, row, decision, now, held)
    _ask_for_confirmation(uow, held, now)
    return claimed


def _claim(uow: UnitOfWork, row: OutboxRow, now: Instant, terms: Terms) -> OutboxRow | None:
    if not uow.outbox.claim(row.id, now, terms.account):
        return None
    if "pool" in row.cause:
        filled = coupons.fill_in(uow, row, terms.campaigns, now, terms.zone)
        uow.outbox.reword(row.id, filled.text, filled.mentions)
        return filled
    if "pass" in row.cause:
        return passes.fill_in(uow, row, now)
    if row.kind != "welcome":
        return row
    told = welcome.still_here(row, reasons.greeted(uow, row, now), terms.text)
    if told.text != row.text:
        uow.outbox.reword(row.id, told.text, told.mentions)
    return told


def decide(uow: UnitOfWork, row: OutboxRow, now: Instant, terms: Terms) -> Decision:
    """The fate of a due message at `now`; that of an attachment is decided as that of the message it goes with."""
    about = attaching.about(uow, row)
    if about is None:
        return Decision("end", "cancelled", "正文没有发出")
    ended = _ended(uow, row, about, now, terms)
    if ended is not None:
        return ended
    chosen = mode(uow)
    if chosen == "observe" and row.kind != MODE_ANSWER:
        return Decision("end", "withheld", "观察模式")
    if row.reply:
        refused = caps.reply_refused(uow, row, now, terms.rules)
        return Decision("end", "withheld", "一小时内回复已到上限") if refused else GO
    if reasons.awaits_friendship(uow, row):
        return Decision("wait", reason="还不是好友", until=now + LOOK_AGAIN)
    held = _stands(uow, HELD_UNTIL, now) if about.kind in caps.PUSHES else None
    if held is not None:
        return Decision("wait", reason="成员编号可能变了", until=held)
    night = hours.zone_of(uow, row.to_id, terms.zone) if row.to_kind == "direct" else terms.zone
    quiet = caps.quiet_until(now, terms.rules, night)
    if quiet is not None:
        return Decision("wait", reason="安静时段", until=quiet)
    if chosen == "assist" and not (row.batch or "").startswith(CONFIRMED) and about.kind not in admins.TOLD:
        return Decision("hold", reason="等待管理员确认")
    if about is not row and attaching.may_yet_go(about):
        return Decision("wait", reason="等它的正文", until=attaching.look_again(about, now))
    wait = caps.push_wait(uow, row, now, terms.rules, terms.others)
    return GO if wait is None else Decision("wait", reason="达到发送上限", until=wait)


def _ended(uow: UnitOfWork, row: OutboxRow, about: OutboxRow, now: Instant, terms: Terms) -> Decision | None:
    """How a message ends whose reason is gone, None while it stands."""
    if about is not row and (status := attaching.end_with(about)) is not None:
        return Decision("end", status, "正文没有发出")
    if about is not row and terms.campaigns.attachments.get(row.cause[attaching.NAME]) is None:
        return Decision("end", "cancelled", "没有这个附件")
    gone = reasons.why_not(uow, about, now)
    if gone is None and coupons.lacks_code(uow, row, terms.campaigns):
        gone = "优惠码已发完"
    return None if gone is None else Decision("end", "cancelled", gone)


def _put(uow: UnitOfWork, row: OutboxRow, decision: Decision, now: Instant, held: list[OutboxRow]) -> None:
    match decision.fate:
        case "wait":
            uow.outbox.postpone(row.id, max(decision.until or 0, now + 1), decision.reason)
        case "hold":
            uow.outbox.hold(row.id, f"batch:{now}", decision.reason)
            held.append(row)
        case "end":
            uow.outbox.settle(row.id, decision.status, decision.reason, now=now)
        case "go":
            pass


def _ask_for_confirmation(uow: UnitOfWork, held: list[OutboxRow], now: Instant) -> None:
    """One message to the people in charge for all that begins to wait."""
    if not held:
        return
    lines = [f"{row.id}. {row.text.splitlines()[0][:SHOWN]}" for row in held[:LISTED]]
    more = f"\n…共 {len(held)} 条" if len(held) > LISTED else ""
    text = "待确认的消息（回复「#确认 编号」或「#确认 全部」）：\n" + "\n".join(lines) + more
    for receiver in admins.in_charge(uow, now):
        uow.outbox.add([admins.notice(f"batch:{now}:{receiver}", "batch", receiver, text, now)])


def list_awaiting(uow: UnitOfWork) -> list[OutboxRow]:
    """Messages that wait for a person's word, oldest first."""
    return uow.outbox.page(status="awaiting")


def release(uow: UnitOfWork, ids: list[int], now: Instant) -> int:
    """Let these go; their hours and caps still hold. Returns how many were waiting."""
    return uow.outbox.let_go(ids, now, CONFIRMED)


def cancel(uow: UnitOfWork, ids: list[int], now: Instant, reason: str) -> int:
    """Drop these. Returns how many were waiting."""
    return uow.outbox.drop(ids, now, reason)


def throttle(
    uow: UnitOfWork, at: Instant, rules: OutreachRules, account: str | None = None, sign: str | None = None
) -> None:
    """The platform said: too much. All sending stops for a while; the people in charge hear of it afterwards.

    account: where there are several, the one it was said to; the others go on. sign: by what else it was noticed.
    """
    until = max(at + int(rules.throttle_stop_hours * HOUR), throttled(uow, at, account) or 0)
    uow.deployment.put(_throttle_key(account), str(until))
    which, whose = ("", "一切") if account is None else (f"账号 {account} ", "它的一切")
    uow.outbox.cancel(now=at, reason="又收到同样的提示", kinds=("throttle",), batch=account)
    said = f"微信提示{which}操作过于频繁" if sign is None else f"{which}{sign}"
    text = f"{said}，已停止{whose}发送 {rules.throttle_stop_hours:g} 小时，现已恢复。"
    for receiver in admins.in_charge(uow, at):
        key = ":".join(["throttle", str(at // MINUTE), receiver, *([account] if account else [])])
        notice = admins.notice(key, "throttle", receiver, text, at)
        uow.outbox.add([notice._replace(not_before=until, batch=account)])


def throttled(uow: UnitOfWork, now: Instant, account: str | None = None) -> Instant | None:
    """Until when all sending, or that of an account, stands still; None when it does not."""
    until = _stands(uow, THROTTLED, now)
    return until if until is not None or account is None else _stands(uow, _throttle_key(account), now)


def _throttle_key(account: str | None) -> str:
    return THROTTLED if account is None else f"{THROTTLED}:{account}"


def _stands(uow: UnitOfWork, key: str, now: Instant) -> Instant | None:
    until = uow.deployment.get(key)
    return int(until) if until is not None and int(until) > now else None


def next_due(uow: UnitOfWork, now: Instant, serving: Serving | None = None) -> Instant | None:
    """When the outbox should be looked at again, None while nothing waits. `serving` as in `Terms`."""
    due = uow.outbox.next_due(serving)
    account = None if serving is None else serving.account
    return due if due is None else max(due, throttled(uow, now, account) or due)
