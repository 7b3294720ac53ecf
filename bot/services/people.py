"""Who is who: names and memberships as events show them, and who asked to be forgotten."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence

from bot.core.events import PROTECTED_TAG, Event
from bot.services import bindings
from storage.rows import Sighting
from storage.unit_of_work import UnitOfWork

SECRET = "secret"
"""Deployment key of the secret that keyed hashes are made with."""
CHILD = "未满十四周岁"
"""Why a child is forgotten. No consent of his own lifts that block: under 14 he cannot give one (PIPL Art. 31)."""
ACCOUNT = "随绑定它的人"
"""Why an account is blocked that somebody forgotten had bound. Whoever binds it anew lifts that."""
UNSEEN = frozenset({"bind", "delivered", "tag", PROTECTED_TAG, "merge", "split"})
"""Events about a member that do not show him in a group."""


def seen(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Note the members, groups and names of a batch; the latest sighting of each membership stands."""
    latest: dict[tuple[str, str], Event] = {}
    names: dict[str, str] = {}
    for event in events:
        if event.member is None:
            continue
        names.setdefault(event.member, "")
        if event.body.get("name"):
            names[event.member] = event.body["name"]
        if event.group is not None and event.type not in UNSEEN:
            key = (event.group, event.member)
            if key not in latest or event.at >= latest[key].at:
                latest[key] = event
    uow.members.introduce(names)
    uow.groups.seen([_sighting(event, names) for event in latest.values()])


def _sighting(event: Event, names: dict[str, str]) -> Sighting:
    assert event.group is not None and event.member is not None
    return Sighting(event.group, event.member, event.at, event.type != "leave", names[event.member])


def forgotten(uow: UnitOfWork, events: Sequence[Event]) -> set[str]:
    """Members of these events of whom nothing may be written. A later consent lifts the block, not a child's."""
    if not uow.forgotten.any():
        return set()
    secret = uow.deployment.get(SECRET) or ""
    members = {event.member for event in events if event.member is not None}
    hashes = {member: keyed_hash(secret, member) for member in members}
    barred = {member: hashed for member, hashed in hashes.items() if uow.forgotten.has(hashed)}
    for event in events:
        agrees = event.type == "consent" and event.body["granted"]
        if agrees and event.member in barred and uow.forgotten.lift(barred[event.member], event.at, CHILD):
            del barred[event.member]
    bound = {
        one for event in events if event.type == "bind" and event.member not in barred for one in bindings.named(event)
    }
    freed = {account for account in bound if uow.forgotten.free(keyed_hash(secret, account), ACCOUNT)}
    return set(barred) - freed


def barred(uow: UnitOfWork, members: set[str]) -> set[str]:
    """Those of `members` who asked to be forgotten."""
    if not uow.forgotten.any():
        return set()
    secret = uow.deployment.get(SECRET) or ""
    return {member for member in members if uow.forgotten.has(keyed_hash(secret, member))}


def is_child(uow: UnitOfWork, member: str) -> bool:
    """Whether he said he is under 14: nothing of him is ever kept."""
    return uow.forgotten.has(keyed_hash(uow.deployment.get(SECRET) or "", member), CHILD)


def nameless(uow: UnitOfWork, member: str) -> str:
    """The contact id as it may be written down: of who asked to be forgotten only the keyed hash."""
    return keyed_hash(uow.deployment.get(SECRET) or "", member) if barred(uow, {member}) else member


def keyed_hash(secret: str, member: str) -> str:
    """HMAC-SHA256 of a contact id: tells that somebody is the one who left, and nothing else."""
    return hmac.new(secret.encode(), member.encode(), hashlib.sha256).hexdigest()
