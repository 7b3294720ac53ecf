"""Forgetting a person: everything about him goes, a keyed hash stays that keeps him from being tagged again."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

import orjson

from bot.core.events import Event
from bot.core.instants import Instant
from bot.services import bindings, crm_notices, dissolving, linking, quotations
from bot.services.people import ACCOUNT, CHILD, SECRET, barred, keyed_hash
from storage.unit_of_work import UnitOfWork

ASKED = "本人要求"
NAMING = frozenset({"inviter", "by", "backup", "old"})
"""Fields of others' events that name a member."""


def forget(uow: UnitOfWork, member: str, at: Instant, reason: str = ASKED) -> int:
    """Remove a member from every table and block him, under all his contact ids; returns how many events went.

    The block is lifted by a consent given after `at`, a child's by none. What is in the audit keeps its action,
    without him.
    """
    return sum(_forget(uow, one, at, reason) for one in linking.disband(uow, member))


def _forget(uow: UnitOfWork, member: str, at: Instant, reason: str) -> int:
    secret = uow.deployment.get(SECRET) or ""
    hashed = keyed_hash(secret, member)
    _block(uow, hashed, at, reason)
    accounts = uow.bindings.accounts([member])
    for account in accounts.keys() - uow.members.get_many(accounts).keys():  # an account may be a person of his own
        _block(uow, keyed_hash(secret, account), at, ACCOUNT)
    crm_notices.leave(uow, member, at)
    return _remove(uow, member, hashed)


def depart(uow: UnitOfWork, left_before: Instant, limit: int) -> int:
    """Remove up to `limit` members who left their last group at `left_before` or earlier; returns how many.

    They did not ask for it, so nothing keeps them from being met again.
    """
    secret = uow.deployment.get(SECRET) or ""
    gone = uow.groups.departed(left_before, limit)
    for member in gone:
        for one in linking.disband(uow, member):
            crm_notices.leave(uow, one, left_before)
            _remove(uow, one, keyed_hash(secret, one))
    return len(gone)


def _remove(uow: UnitOfWork, member: str, hashed: str) -> int:
    words = quotations.words_for(uow, member)
    _anonymise_audit(uow, member, hashed)
    _leave_shared_messages(uow, member, words)
    quotations.leave_out(uow, words)
    uow.dictionary.rename_actor(member, hashed)
    uow.coupons.forget(member)
    uow.suggestions.rename_actor(member, hashed)
    uow.tracked.rename_actor(member, hashed)
    uow.tracked.delete(member)
    uow.judgements.rename_actor(member, hashed)
    uow.judgements.delete(member)
    uow.reviews.rename_actor(member, hashed)
    uow.reviews.delete(member)
    uow.relinks.delete(member)
    for table in (uow.conversations, uow.confirmations, uow.roles, uow.consents, uow.held, uow.accounts, uow.passes):
        table.delete(member)
    dissolve(uow, member)
    gone = uow.events.erase_member(member) + _leave_accounts(uow, member)
    _take_name_out(uow, member, words)
    uow.rollups.mark_late(uow.ties.delete(member))
    uow.rollups.mark_late(uow.backups.delete(member))
    return gone


def dissolve(uow: UnitOfWork, member: str) -> None:
    """Take a member out of the list, with all that was worked out about him and planned for him; his log stays."""
    uow.outbox.delete(member)
    dissolving.unfold(uow, member)
    uow.groups.delete_member(member)


def _leave_accounts(uow: UnitOfWork, member: str) -> int:
    """What was bought under his accounts goes with him, and nobody knows any more whose they were."""
    accounts = uow.bindings.accounts([member])
    gone = sum(uow.events.erase_types(account, bindings.PURCHASES) for account in accounts)
    uow.rollups.mark_late(dict.fromkeys({*uow.bindings.delete(member), *accounts}, 0))
    return gone


def reapply(uow: UnitOfWork, forgotten: Iterable[tuple[str, Instant, str]]) -> int:
    """Forget again, after older data came back, who had been forgotten meanwhile; returns how many were there."""
    secret = uow.deployment.get(SECRET) or ""
    hashes = {hashed: (at, reason) for hashed, at, reason in forgotten}
    count, after = 0, None
    while hashes and (rows := uow.members.page(after)):
        after = rows[-1].member
        for row in rows:
            hashed = keyed_hash(secret, row.member)
            if hashed in hashes:
                forget(uow, row.member, *hashes[hashed])
                count += 1
    for old, link in uow.links.all().items():
        if (hashed := keyed_hash(secret, old)) in hashes:  # split off, then forgotten, since the data were written
            uow.links.delete([old])
            uow.rollups.mark_late({link.member: 0})
            _forget(uow, old, *hashes[hashed])
            count += 1
    for hashed, (at, reason) in hashes.items():
        _block(uow, hashed, at, reason)
    return count


def _block(uow: UnitOfWork, hashed: str, at: Instant, reason: str) -> None:
    """Who was forgotten for another reason, and turns out to be a child, is a child from then on."""
    uow.forgotten.add(hashed, at, reason)
    if reason == CHILD:
        uow.forgotten.name_reason(hashed, CHILD)


def known(uow: UnitOfWork, member: str) -> bool:
    """Whether there is anything to erase."""
    return uow.members.get(uow.links.main(member)) is not None


def _take_name_out(uow: UnitOfWork, member: str, words: list[str]) -> None:
    """Others' events name him as inviter, as mentioned, as author; who invited them must be worked out again."""
    touched: dict[str, Instant] = {}
    for row in uow.events.naming(member):
        uow.events.rewrite(row.id, orjson.dumps(unnamed(orjson.loads(row.body), member)).decode())
        if row.text is not None:
            uow.events.reword(row.id, quotations.unnamed(row.text, words))
        if row.member is not None:
            touched[row.member] = min(row.at, touched.get(row.member, row.at))
    uow.rollups.mark_late(touched)


def _leave_shared_messages(uow: UnitOfWork, member: str, words: list[str]) -> None:
    """A welcome that greeted several people goes on without him."""
    for shared in uow.outbox.naming(member):
        mentions = [one for one in shared.mentions if one != member]
        joins = [one for one in shared.cause.get("joins", ()) if one[1] != member]
        cause = {**shared.cause, "joins": joins} if "joins" in shared.cause else shared.cause
        uow.outbox.rewrite(shared.id, quotations.unnamed(shared.text, words), mentions, cause)


def after_farewell(uow: UnitOfWork, member: str) -> None:
    """The last words to somebody who was forgotten are said: they go too, unless he has asked to be asked anew."""
    if barred(uow, {member}) and not uow.conversations.asking({member}):
        uow.outbox.delete(member)
        uow.forgotten.touched = True


def without_forgotten(uow: UnitOfWork, events: Sequence[Event]) -> list[Event]:
    """Later facts of others name nobody who asked to be forgotten either."""
    named = {name for event in events for name in _named_in(event.body)}
    gone = barred(uow, named) if named else set()
    return [_leaving_out(event, gone.intersection(_named_in(event.body))) for event in events] if gone else list(events)


def _leaving_out(event: Event, gone: set[str]) -> Event:
    body = event.body
    for member in gone:
        body = unnamed(body, member)
    return replace(event, body=body) if gone else event


def _named_in(body: dict[str, Any]) -> set[str]:
    names = [body.get(key) for key in NAMING] + list(body.get("mentions", ()))
    return {name for name in names if isinstance(name, str)}


def unnamed(body: dict[str, Any], member: str) -> dict[str, Any]:
    """The fields of an event without a member."""
    left = {key: value for key, value in body.items() if key not in NAMING or value != member}
    if "mentions" in left:
        left["mentions"] = [one for one in left["mentions"] if one != member]
    return left


def _anonymise_audit(uow: UnitOfWork, member: str, hashed: str) -> None:
    """That something was done stays; about whom, and what was said, does not."""
    rows = uow.audit.page(subject=member, limit=100_000)
    uow.audit.delete(member)
    uow.audit.rename_actor(member, hashed)
    for row in reversed(rows):
        actor = hashed if row.actor == member else row.actor
        uow.audit.add(row._replace(subject=hashed, actor=actor, detail={}))
