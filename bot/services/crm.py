"""Tag changes of members with a `share` consent go out to one other system, a CRM or CDP (RULEBOOK §8).

What has changed is found by the numbers of the history of tags and of the ledger of consents; what is told is compared
with what was told last, so looking twice at a change does no harm.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from bot.core.instants import DAY, HOUR, MINUTE, Instant, Span, iso
from bot.services import consent, crm_notices, sharing, uses
from bot.services.export import Sees
from bot.services.sharing import KeyOf
from storage.crm_rows import CrmNoticeRow, CrmSubjectRow
from storage.rows import AuditRow, TagRow
from storage.unit_of_work import UnitOfWork

SHARE = "share"
ACTOR, SHARED = "CRM 推送", "对外提供"
LEASE: Span = 5 * MINUTE
"""How long an attempt may last before its end counts as unknown and the webhook is sent again."""
MOST_ATTEMPTS, LONGEST_DELAY = 20, 6 * HOUR
KEPT: Span = 30 * DAY
PAGE = 5000
OVERLAP = 1000
"""Changes looked at twice: on a server of several writers a lower number may be committed after a higher one."""
_TERMS, _CHANGES, _CONSENTS = "crm_terms", "crm_changes", "crm_consents"
"""Deployment keys: by which terms members were told of, and up to which numbers was looked."""
COMPARED = ("path", "value", "source", "rule", "rule_set", "since", "expires_at")
"""What makes tags differ from those told last; a weight that fades with time does not."""


@dataclass(frozen=True, slots=True)
class Terms:
    """By which a member's tags go out. mark: differs whenever any of the others means something else than before."""

    mark: str
    sees: Sees
    key_of: KeyOf
    zone: ZoneInfo
    now: Instant


def plan(uow: UnitOfWork, terms: Terms) -> int:
    """Plan a webhook for everybody whose open tags differ from those told last; returns how many members were told."""
    if uow.deployment.get(_TERMS) != terms.mark:
        _begin_anew(uow, terms)
    merged = uow.crm.subjects(uow.links.all())
    for subject in merged.values():
        crm_notices.withdraw(uow, subject, terms.now)
    told = _tell_changed(uow, terms)
    uow.crm.drop_settled(terms.now - KEPT)
    return told


def waits(uow: UnitOfWork, mark: str) -> Instant | None:
    """From when on there is something to do by the terms of this mark: 0 for at once, None when there is nothing."""
    if uow.deployment.get(_TERMS) != mark or _has_news(uow):
        return 0
    return uow.crm.next_due()


def _has_news(uow: UnitOfWork) -> bool:
    if _position(uow, _CHANGES) < uow.tags.last_change():
        return True
    return bool(uow.consents.said_since(SHARE, _position(uow, _CONSENTS))[0])


def _begin_anew(uow: UnitOfWork, terms: Terms) -> None:
    """Another address, key or range of tags: everybody who agreed is told of, as if for the first time."""
    uow.crm.unknow_all()
    uow.deployment.put(_TERMS, terms.mark)
    uow.deployment.put(_CHANGES, str(uow.tags.last_change()))
    uow.deployment.put(_CONSENTS, "0")


def _tell_changed(uow: UnitOfWork, terms: Terms) -> int:
    agreed, consents_to = uow.consents.said_since(SHARE, _position(uow, _CONSENTS))
    seen = _position(uow, _CHANGES)
    changed, changes_to = uow.tags.changed_since(max(0, seen - OVERLAP), PAGE)
    members = sorted({uow.links.main(member) for member in agreed | changed})
    uow.deployment.put(_CHANGES, str(max(seen, changes_to)))
    uow.deployment.put(_CONSENTS, str(consents_to))
    held, known = uow.tags.of_members(members), uow.crm.subjects(members)
    told = [one for one in members if _consider(uow, terms, one, held.get(one, []), known.get(one))]
    if told:
        uow.audit.add(AuditRow(terms.now, ACTOR, SHARED, None, {"人数": len(told)}))
        paths = {row.path for one in told for row in held.get(one, ()) if terms.sees(row.path, row.value)}
        uses.note(uow, paths, uses.EXPORT, terms.now)
    return len(told)


def _position(uow: UnitOfWork, key: str) -> int:
    return int(uow.deployment.get(key) or 0)


def _consider(
    uow: UnitOfWork, terms: Terms, member: str, held: Sequence[TagRow], subject: CrmSubjectRow | None
) -> bool:
    """Whether something about the member is told. Who has not agreed, or not any more, is only taken back."""
    key = terms.key_of(member) if consent.holds(uow, member, SHARE, terms.now) else None
    if subject is not None and subject.key != key:
        crm_notices.withdraw(uow, subject, terms.now)
        subject = None
    tags = [_told(row, terms.zone) for row in held if sharing.is_open(row.path, row.value, terms.sees)]
    digest = _digest(tags)
    if key is None or digest == (subject.digest if subject is not None else _digest([])):
        return False
    crm_notices.tell_tags(uow, key, tags, terms.now, terms.zone)
    uow.crm.know(CrmSubjectRow(member, key, digest))
    return True


def _told(row: TagRow, zone: ZoneInfo) -> dict[str, Any]:
    """A tag with its provenance: who gave it, by which rule and version; no `because`, which may name others."""
    times = {"since": iso(row.since, zone), "expires_at": iso(row.expires_at, zone)}
    return {name: times[name] if name in times else getattr(row, name) for name in sharing.SHARED.of_tag}


def _digest(tags: Sequence[Mapping[str, Any]]) -> str:
    compared = [[tag[name] for name in COMPARED] for tag in tags]
    return hashlib.sha256(orjson.dumps(compared)).hexdigest()


def claim(uow: UnitOfWork, now: Instant) -> CrmNoticeRow | None:
    """The next webhook to send."""
    return uow.crm.claim(now, now + LEASE)


def settle(uow: UnitOfWork, row: CrmNoticeRow, now: Instant, fault: str, *, final: bool) -> None:
    """What became of an attempt: arrived (no fault), refused for good, or to be tried again, later each time."""
    if not fault:
        uow.crm.sent(row.id, now)
    elif final or row.attempts >= MOST_ATTEMPTS:
        uow.crm.fail(row.id, now, fault)
    else:
        uow.crm.put_off(row.id, now + delay(row.attempts), fault)


def delay(attempts: int) -> Span:
    """A minute after the first attempt that failed, twice as long after each further one, at most six hours."""
    return min(MINUTE << min(attempts - 1, 20), LONGEST_DELAY)
