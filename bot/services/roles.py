"""Who holds which role, by contact id: a name gives nobody a right (RULEBOOK §8).

The table follows the log: whatever the order in which grants and revocations arrive, the latest word by time stands.
"""

from __future__ import annotations

import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from typing import Any, Literal

import orjson

from bot.core.events import Event
from bot.core.instants import HOUR, MONTH, Instant
from bot.core.ruleset_people import IdentityRules
from bot.services import backups
from bot.services.people import SECRET, keyed_hash
from storage.rows import AuditRow, RoleRow
from storage.unit_of_work import UnitOfWork

OBSERVER, ADMIN, DIRECTOR = "观察员", "管理员", "运营总监"
ROLES = (OBSERVER, ADMIN, DIRECTOR)
"""From the least to the most: who holds one has the rights of those before it."""
BY_SETTINGS = "设置"
"""Who granted a role that stands in the settings."""
BY_CODE = "一次性口令"
CODE = "director_code"
"""Deployment key: keyed hash of the one-time code of the first director."""
TRIES = 5
"""Wrong codes a person may send within an hour."""
CLAIM, CLAIM_FAILED = "认领运营总监", "认领口令错误"

_LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"
_CODE = re.compile(r"QB-?([A-Z0-9]{4})-?([A-Z0-9]{4})")
_EVER = 1 << 62

Claim = Literal["claimed", "wrong", "limited"]


def apply(uow: UnitOfWork, event: Event) -> None:
    """Take a newly recorded grant or revocation into the table; other events are ignored."""
    if event.type not in ("grant", "revoke") or event.member is None:
        return
    role = event.body["role"]
    last = _last_word(uow, event.member, role)
    if last is None:
        return
    type_, at, body = last
    if type_ == "revoke" or body.get("backup") is True:
        uow.roles.revoke(event.member, role)
    else:
        uow.roles.grant(_row(event.member, at, body))


def was_director(uow: UnitOfWork, member: str, at: Instant) -> bool:
    """Whether somebody was a director at an instant, by what the log says of the time up to it."""
    last = _last_word(uow, member, DIRECTOR, at)
    if last is None or last[0] == "revoke":
        return False
    until = _row(member, last[1], last[2]).until
    return until is None or at < until


def _last_word(
    uow: UnitOfWork, member: str, role: str, until: Instant = _EVER
) -> tuple[str, Instant, dict[str, Any]] | None:
    """Type, time and body of the latest grant or revocation of a role; of two at one instant the revocation counts."""
    said = [
        (row.at, row.type, row.id, orjson.loads(row.body))
        for row in uow.events.of_members([member], None, until)
        if row.type in ("grant", "revoke")
    ]
    about = [(at, type_, id_, body) for at, type_, id_, body in said if body.get("role") == role]
    if not about:
        return None
    at, type_, _, body = max(about, key=lambda word: word[:3])
    return type_, at, body


def _row(member: str, at: Instant, body: dict[str, Any]) -> RoleRow:
    months = body.get("months", IdentityRules().term_months if body["role"] == ADMIN else None)
    until = None if months is None else at + months * MONTH
    backup = body.get("backup")
    return RoleRow(member, body["role"], at, until, body.get("by"), backup if isinstance(backup, str) else None)


def held(uow: UnitOfWork, member: str, at: Instant) -> list[str]:
    """The roles a member holds at a time, the lowest first; an active backup has an admin's rights."""
    mine = {row.role for row in uow.roles.of(member, at)}
    if ADMIN not in mine and backups.stands_in(uow, member, at):
        mine.add(ADMIN)
    return [role for role in ROLES if role in mine]


def may(uow: UnitOfWork, member: str, at: Instant, needed: str) -> bool:
    """Whether a member's highest role reaches `needed`."""
    mine = held(uow, member, at)
    return bool(mine) and ROLES.index(mine[-1]) >= ROLES.index(needed)


def first_director(uow: UnitOfWork, directors: Sequence[str], now: Instant) -> str | None:
    """Make the settings' directors so; where there is none at all, make a one-time code that claims the role.

    Only a keyed hash of the code is kept; the code is returned to be shown once. An older code dies.
    """
    _follow_settings(uow, directors, now)
    uow.deployment.delete(CODE)
    if uow.roles.holders(DIRECTOR, now):
        return None
    letters = "".join(secrets.choice(_LETTERS) for _ in range(8))
    uow.deployment.put(CODE, _hash(uow, letters))
    return f"QB-{letters[:4]}-{letters[4:]}"


def _follow_settings(uow: UnitOfWork, directors: Sequence[str], now: Instant) -> None:
    for row in uow.roles.all():
        if row.granted_by == BY_SETTINGS and row.member not in directors:
            uow.roles.revoke(row.member, row.role)
    for member in directors:
        if DIRECTOR not in held(uow, member, now):
            uow.roles.grant(RoleRow(member, DIRECTOR, now, None, BY_SETTINGS))


def read_code(text: str) -> str | None:
    """The letters of a text that looks like a claim code, however it was typed; None for any other text."""
    said = _CODE.fullmatch(unicodedata.normalize("NFKC", text[:40]).strip().upper())
    return None if said is None else said[1] + said[2]


def is_waiting(uow: UnitOfWork) -> bool:
    """Whether there is a code that may be claimed."""
    return uow.deployment.get(CODE) is not None


def claim(uow: UnitOfWork, member: str, letters: str, at: Instant) -> Claim:
    """Judge a code sent by `member`. The right one dies with its use; after too many wrong ones even it is refused."""
    if _wrong_tries(uow, member, at) >= TRIES:
        uow.audit.add(AuditRow(at, member, CLAIM_FAILED, member, {"原因": "次数过多"}, allowed=False))
        return "limited"
    if not _matches(uow, letters):
        uow.audit.add(AuditRow(at, member, CLAIM_FAILED, member, allowed=False))
        return "wrong"
    uow.deployment.delete(CODE)
    uow.audit.add(AuditRow(at, member, CLAIM, member))
    return "claimed"


def leak(uow: UnitOfWork, member: str, letters: str, at: Instant) -> bool:
    """A code said where others read it is worth nothing any more. Whether it was the code."""
    if not _matches(uow, letters):
        return False
    uow.deployment.delete(CODE)
    uow.audit.add(AuditRow(at, member, CLAIM_FAILED, member, {"原因": "口令发在群里，已作废"}, allowed=False))
    return True


def _matches(uow: UnitOfWork, letters: str) -> bool:
    return hmac.compare_digest(uow.deployment.get(CODE) or "", _hash(uow, letters))


def _wrong_tries(uow: UnitOfWork, member: str, at: Instant) -> int:
    recent = uow.audit.page(subject=member, limit=50)
    return sum(row.action == CLAIM_FAILED and row.at > at - HOUR for row in recent)


def _hash(uow: UnitOfWork, letters: str) -> str:
    return keyed_hash(uow.deployment.get(SECRET) or "", letters)
