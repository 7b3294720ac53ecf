"""Backups of admins (AB角, RULEBOOK §7): what an admin does is read by the fold of whoever backs him up.

As with ties, nothing is copied: the log of the admin is read again by his backup's fold, so that the same counts in
any order of arrival.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import orjson

from bot.core.entry import Entry
from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.rules.backup import BACKUP, RULES
from bot.core.rules.identity import ADMIN, IDENTITY_PATH
from bot.services import people
from storage.repositories.backups import BackupRow
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork

FROM_THE_START: Instant = 0
(_RULE,) = RULES


class Watched(NamedTuple):
    """A deed of an admin for the fold of his backup (`member`)."""

    member: str
    at: Instant
    entry: Entry


def note(uow: UnitOfWork, events: Sequence[Event]) -> list[tuple[str, Instant]]:
    """Write down whom new appointments name. Returns (backup, instant) of each deed of an admin who has one.

    A new backup must look at all his admin ever did; whoever asked to be forgotten is named in vain.
    """
    rows = [row for row in map(_named, events) if row is not None]
    if rows:
        secret = uow.deployment.get(people.SECRET) or ""
        rows = [row for row in rows if not uow.forgotten.has(people.keyed_hash(secret, row.backup))]
        uow.backups.add(rows)
        uow.members.introduce({row.backup: "" for row in rows})
        uow.rollups.mark_late({row.backup: FROM_THE_START for row in rows})
    watching = uow.backups.of_admins({event.member for event in events if event.member is not None})
    return [(backup, event.at) for event in events for backup in watching.get(event.member or "", ())]


def _named(event: Event) -> BackupRow | None:
    backup = event.body.get("backup") if event.type == "grant" and event.body["role"] == ADMIN else None
    if event.member is None or not isinstance(backup, str) or backup == event.member:
        return None
    return BackupRow(event.id, event.member, backup, event.at)


def watched(uow: UnitOfWork, spans: Mapping[str, tuple[Instant, Instant]]) -> Iterator[Watched]:
    """The deeds of admins in the (after, until] of each of their backups, by backup and instant."""
    for backup, admins in sorted(uow.backups.of_backups(spans).items()):
        met: set[tuple[str, str]] = set()
        found = []
        for row in uow.events.since(dict.fromkeys(admins, spans[backup])):
            place = (row.member or "", row.group_id or "")
            did = _did(row, backup) or ("met" if row.group_id is not None and place not in met else None)
            if did is not None and row.type != "leave":
                met.add(place)
                found.append(Watched(backup, row.at, _entry(row, backup, did)))
        yield from sorted(found, key=lambda one: one.at)


def _did(row: EventRow, backup: str) -> str | None:
    if row.type == "message":
        return "spoke"
    if row.type not in ("grant", "revoke") or (body := orjson.loads(row.body)).get("role") != ADMIN:
        return None
    return "named" if row.type == "grant" and body.get("backup") == backup else "ended"


def _entry(row: EventRow, backup: str, did: str) -> Entry:
    body = {"of": row.member or "", "did": did}
    if did == "named" and (months := orjson.loads(row.body).get("months")) is not None:
        body["months"] = months
    return Entry(f"{row.id}~{did}", "primary", row.at, backup, row.group_id, body)


def stands_in(uow: UnitOfWork, member: str, at: Instant) -> bool:
    """Whether a member stands in for an admin; a value that a person or another system gave him gives no right."""
    return any(
        (tag.path, tag.value, tag.rule) == (IDENTITY_PATH, BACKUP, _RULE.name) and (tag.expires_at or at) > at
        for tag in uow.tags.of_members([member]).get(member, ())
    )


def active(uow: UnitOfWork, at: Instant) -> set[str]:
    """Everybody who stands in for an admin."""
    holders = uow.tags.holders_by_rule(IDENTITY_PATH, BACKUP, _RULE.name)
    return {member for member in holders if stands_in(uow, member, at)}
