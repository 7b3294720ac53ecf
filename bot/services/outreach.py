"""From plans to outgoing rows: who may be told what, and where (RULEBOOK §9). Nothing is sent here.

Personal things go to a direct chat, which only friends of the account have; others get one neutral invitation.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, HOUR, Instant
from bot.core.journal import Plan
from bot.core.ruleset import RuleSet
from bot.ports import Address
from bot.services import admins, wording
from bot.services.audience import Audience, audience_of, held_out
from bot.services.welcome import plan_welcomes
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

PUSHES = ("newcomer_gift", "recall", "reactivation")
"""Kinds that need a consent for marketing, and that the caps per member count."""
CAMPAIGNS = ("recall", "reactivation")
"""Pushes whose effect is measured against a hold-out."""
TO_ADMINS = ("review", "restricted", "term_reminder", "review_reminder")
KEPT = 3 * DAY
"""How long a personal message is worth sending."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """What planning looks at: `as_of` is the evaluation's instant, `now` goes into the records.

    text: a message's wording by key. live_from: the first event that is no history, None when there is none.
    """

    now: Instant
    as_of: Instant
    rules: RuleSet
    zone: ZoneInfo
    text: Callable[..., str]
    live_from: Instant | None


def plan(uow: UnitOfWork, plans: Sequence[Plan], speaking: Speaking) -> list[OutboxRow]:
    """Queue what these plans ask for. Returns the rows that are new; a known dedupe key is said only once."""
    fresh = [one for one in sorted(plans, key=lambda one: (one.at, one.dedupe_key)) if _is_fresh(one, speaking)]
    if not fresh:
        return []
    people = audience_of(uow, {one.member for one in fresh}, speaking.as_of)
    rows = plan_welcomes(uow, [one for one in fresh if one.kind == "welcome"], people, speaking)
    for one in fresh:
        rows += _rows(uow, one, people[one.member], speaking)
    added = uow.outbox.add(rows)
    return [row for row in rows if row.dedupe_key in added]


def _is_fresh(one: Plan, speaking: Speaking) -> bool:
    """Stages entered before the bot's first day, and evaluations more than 24 h old, plan no send; nor does history."""
    stale = one.at <= speaking.as_of - int(speaking.rules.outreach.stale_hours * HOUR)
    return not stale and speaking.live_from is not None and one.at >= speaking.live_from and not _historical(one)


def _historical(one: Plan) -> bool:
    return bool(one.detail.get("historical"))


def _rows(uow: UnitOfWork, one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    if one.kind in TO_ADMINS:
        return admins.notices(uow, one, whom, speaking)
    if whom.exempt or whom.left or whom.child:
        return []
    if one.kind in PUSHES:
        return _push(one, whom, speaking)
    return [_direct_or_invite(one, whom, speaking)] if one.kind == "warning" else []


def _push(one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    """A push needs a consent for marketing; a tenth of the recalls is held out, so that the effect can be shown."""
    if not whom.marketing or whom.minor:
        return []
    if one.kind in CAMPAIGNS and held_out(one.member, speaking.rules.outreach.holdout_one_in):
        return [_personal(one, whom, speaking)._replace(status="withheld", reason="对照组")]
    return [_direct_or_invite(one, whom, speaking)]


def _direct_or_invite(one: Plan, whom: Audience, speaking: Speaking) -> OutboxRow:
    if whom.friend:
        return _personal(one, whom, speaking)
    group = one.group if one.group in whom.groups else (whom.groups[0] if whom.groups else "")
    return _row(
        f"friend_invite:{one.member}",
        "friend_invite",
        Address("group", group),
        wording.invitation(whom, speaking.text),
        speaking,
        member=one.member,
        mentions=(one.member,),
    )


def _personal(one: Plan, whom: Audience, speaking: Speaking) -> OutboxRow:
    text = wording.personal(one, whom, speaking)
    to = Address("direct", one.member)
    row = _row(one.dedupe_key, one.kind, to, text, speaking, member=one.member, cause=dict(one.detail))
    return row._replace(group_id=one.group)


def _row(
    key: str,
    kind: str,
    to: Address,
    text: str,
    speaking: Speaking,
    *,
    member: str,
    mentions: Sequence[str] = (),
    cause: Mapping[str, object] | None = None,
) -> OutboxRow:
    """A row of our own accord: it keeps quiet hours and caps, and is not worth sending for ever."""
    return OutboxRow(
        dedupe_key=key,
        kind=kind,
        to_kind=to.kind,
        to_id=to.id,
        text=text,
        created_at=speaking.now,
        not_before=speaking.as_of,
        member=member,
        group_id=to.id if to.kind == "group" else None,
        mentions=tuple(mentions),
        cause=cause or {},
        expires_at=speaking.as_of + KEPT,
    )


def reply(
    uow: UnitOfWork,
    *,
    key: str,
    kind: str,
    to: Address,
    text: str,
    now: Instant,
    member: str | None = None,
    group: str | None = None,
    mentions: Sequence[str] = (),
) -> bool:
    """An answer to a person who just spoke: exempt from quiet hours. False when it was said before."""
    row = OutboxRow(
        key, kind, to.kind, to.id, text, now, now, member, group, tuple(mentions), {}, True, expires_at=now + HOUR
    )
    return bool(uow.outbox.add([row]))
