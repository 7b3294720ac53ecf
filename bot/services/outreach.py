"""From plans to outgoing rows: who may be told what, and where (RULEBOOK §9). Nothing is sent here.

Personal things go to a direct chat, which only friends of the account have; others get one neutral invitation to add
it. A warning to somebody who is no friend waits for a day whether he becomes one; until then it is undelivered and
counts for nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.core.attachments import Attachments
from bot.core.instants import DAY, HOUR, Instant
from bot.core.journal import Plan
from bot.core.ruleset import RuleSet
from bot.ports import Address
from bot.services import admins, attaching, bindings, caps, hours, linking, tracking, wording
from bot.services.audience import Audience, audience_of, held_out
from bot.services.caps import PUSHES
from bot.services.welcome import plan_welcomes
from storage.rows import EMPTY, OutboxRow
from storage.unit_of_work import UnitOfWork

__all__ = ["CAMPAIGNS", "HELD_OUT", "PUSHES", "Speaking", "plan", "reply"]

CAMPAIGNS = ("recall", "reactivation")
"""Pushes whose effect is measured against a hold-out."""
TO_ADMINS = ("review", "restricted", "term_reminder", "review_reminder")
OF_STANDING = {"warning": "warning", "restricted": "restriction"}
"""Plans that the member himself is told of in his direct chat, and the kind of that row."""
HELD_OUT = "对照组"
"""Reason of the withheld rows of those whom a recall is held back from; they are what its effect is compared with."""
OF_A_MOMENT = ("welcome", "warning", "restricted", "review")
"""Plans that an event of that very instant caused."""
KEPT, KEPT_STANDING, KEPT_INVITATION = 3 * DAY, 1 * DAY, 7 * DAY
"""How long a push, a word on someone's standing, and an invitation are worth sending."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """What planning looks at: `as_of` is the evaluation's instant, `now` goes into the records.

    text: a message's wording by key. live_from: the first event that is no history, None when there is none.
    recall_pool: whose codes recalls carry, None for recalls without. attachments: what messages bring along.
    """

    now: Instant
    as_of: Instant
    rules: RuleSet
    zone: ZoneInfo
    text: Callable[..., str]
    live_from: Instant | None
    recall_pool: str | None = None
    attachments: Attachments = field(default_factory=Attachments)


def plan(uow: UnitOfWork, plans: Sequence[Plan], speaking: Speaking) -> list[OutboxRow]:
    """Queue what these plans ask for, each followed by what it brings along. Returns the messages that are new,
    without attachments; a known dedupe key is said only once.
    """
    return [row for row in drafted(uow, plans, speaking) if _add(uow, row, speaking)]


def _add(uow: UnitOfWork, row: OutboxRow, speaking: Speaking) -> bool:
    """Queue a message and, right behind it, what it brings along; False for one that is known."""
    if not uow.outbox.add([_tracked(uow, row, speaking)]):
        return False
    uow.outbox.add(attaching.behind(row, speaking))
    return True


def _tracked(uow: UnitOfWork, row: OutboxRow, speaking: Speaking) -> OutboxRow:
    """A push with the member's own addresses in place of those of our tracked links."""
    if row.to_kind != "direct" or row.kind not in PUSHES or row.member is None:
        return row
    member, now, cause = row.member, speaking.now, row.cause
    if "plain" in cause:
        cause = {**cause, "plain": tracking.personal(uow, cause["plain"], member, now)}
    return row._replace(text=tracking.personal(uow, row.text, member, now), cause=cause)


def drafted(uow: UnitOfWork, plans: Sequence[Plan], speaking: Speaking) -> list[OutboxRow]:
    """The rows that these plans ask for; some may be known. Only welcomes touch what waits already."""
    timely = [one for one in sorted(plans, key=lambda one: (one.at, one.dedupe_key)) if _is_timely(one, speaking)]
    said = _said_before(uow, timely)
    fresh = [one for one in timely if one.dedupe_key not in said and not _is_history(uow, one)]
    if not fresh:
        return []
    people = audience_of(uow, {one.member for one in fresh}, speaking.as_of)
    rows = plan_welcomes(uow, [one for one in fresh if one.kind == "welcome"], people, speaking)
    for one in fresh:
        rows += _rows(uow, one, people[one.member], speaking)
    return rows


def _is_timely(one: Plan, speaking: Speaking) -> bool:
    """Stages entered before the bot's first day, and evaluations more than 24 h old, plan no send."""
    stale = one.at <= speaking.as_of - int(speaking.rules.outreach.stale_hours * HOUR)
    return not stale and speaking.live_from is not None and one.at >= speaking.live_from


def _is_history(uow: UnitOfWork, one: Plan) -> bool:
    """Imported history never causes a send: neither what was said in it nor who joined in it."""
    at = one.at
    if one.kind == "newcomer_gift":
        known = uow.members.get(one.member)
        at = known.joined_at or at if known is not None else at
    elif one.kind not in OF_A_MOMENT:
        return False
    moment = dict.fromkeys(linking.ids(uow, one.member), (at - 1, at))
    causes = [row.historical for row in bindings.logged(uow, moment)]
    return bool(causes) and all(causes)


def _said_before(uow: UnitOfWork, plans: Sequence[Plan]) -> set[str]:
    """Keys of what was said to a former contact id: the person is not told twice. What was still waiting when the ids
    were merged was not said.
    """
    formers: dict[str, list[str]] = {}
    for link in uow.links.formers({one.member for one in plans}):
        formers.setdefault(link.member, []).append(link.old)
    return {one.dedupe_key for one in plans for old in formers.get(one.member, ()) if _was_said(uow, one, old)}


def _was_said(uow: UnitOfWork, one: Plan, former: str) -> bool:
    key = one.dedupe_key.replace(f":{one.member}", f":{former}", 1)
    row = uow.outbox.by_key(key) if key != one.dedupe_key else None
    return row is not None and row.reason != linking.MERGED


def _rows(uow: UnitOfWork, one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    rows = admins.notices(uow, one, whom, speaking) if one.kind in TO_ADMINS else []
    if whom.exempt or whom.left or whom.child:
        return rows
    if one.kind in admins.HANDOVERS:
        return admins.handover(uow, one, whom, speaking)
    if one.kind in PUSHES:
        return _push(uow, one, whom, speaking)
    if one.kind in OF_STANDING:
        own = _personal(uow, one, whom, speaking, speaking.as_of, KEPT_STANDING)
        rows.append(own._replace(kind=OF_STANDING[one.kind]))
        rows += [] if whom.friend else _invitation(one, whom, speaking)
    return rows


def _push(uow: UnitOfWork, one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    """A push needs a consent for marketing; of those who could be recalled a tenth is held out."""
    if not whom.marketing or whom.minor:
        return []
    if not whom.friend:
        return _invitation(one, whom, speaking)
    row = _personal(uow, one, whom, speaking, hours.for_member(uow, one.member, speaking), KEPT)
    if one.kind in CAMPAIGNS and held_out(one.member, speaking.rules.outreach.holdout_one_in):
        row = row._replace(status="withheld", reason=HELD_OUT, settled_at=speaking.now)
    return [row]


def _personal(uow: UnitOfWork, one: Plan, whom: Audience, speaking: Speaking, at: Instant, kept: int) -> OutboxRow:
    """A row to the member's direct chat that says what became known at `one.at`."""
    night = hours.zone_of(uow, one.member, speaking.zone)
    return OutboxRow(
        dedupe_key=one.dedupe_key,
        kind=one.kind,
        to_kind="direct",
        to_id=one.member,
        text=wording.personal(one, whom, speaking),
        created_at=speaking.now,
        not_before=caps.opening(at, speaking.rules.outreach, night),
        member=one.member,
        group_id=one.group,
        cause={**one.detail, **_pool(one, whom, speaking), "at": one.at},
        expires_at=speaking.as_of + kept,
    )


def _pool(one: Plan, whom: Audience, speaking: Speaking) -> dict[str, str]:
    """Where a recall's code comes from, and what it says without one; a campaign says the former itself."""
    if one.kind != "recall" or speaking.recall_pool is None:
        return {}
    return {"pool": speaking.recall_pool, "plain": wording.plain(one, whom, speaking)}


def _invitation(one: Plan, whom: Audience, speaking: Speaking) -> list[OutboxRow]:
    """One neutral word in a group he is in, once and for all."""
    if not whom.groups:
        return []
    group = one.group if one.group in whom.groups else whom.groups[0]
    row = OutboxRow(
        dedupe_key=f"friend_invite:{one.member}",
        kind="friend_invite",
        to_kind="group",
        to_id=group or "",
        text=wording.invitation(whom, speaking.text),
        created_at=speaking.now,
        not_before=caps.opening(speaking.as_of, speaking.rules.outreach, speaking.zone),
        member=one.member,
        group_id=group,
        mentions=(one.member,),
        expires_at=speaking.as_of + KEPT_INVITATION,
    )
    return [row]


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
    account: str | None = None,
    cause: Mapping[str, object] = EMPTY,
) -> bool:
    """An answer to a person who just spoke: exempt from quiet hours. False when it was said before.

    account: the one that heard him, by which the answer goes as long as it is there. cause: what its text is filled in
    with when it goes.
    """
    row = OutboxRow(
        key, kind, to.kind, to.id, text, now, now, member, group, tuple(mentions), cause, True, expires_at=now + HOUR
    )
    return bool(uow.outbox.add([row._replace(account=account)]))
