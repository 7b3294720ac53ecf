"""Whom a message would reach: friendship, consent, groups and exemptions of a member, looked up together."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass

from bot.core.instants import Instant
from bot.services import consent
from storage.unit_of_work import UnitOfWork

MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Audience:
    """One member as a recipient.

    name: empty when none is known. groups: those he is in now; left: he was in groups and is in none any more.
    minor: under 18 (no marketing); child: under 14 (nothing at all).
    """

    member: str
    name: str
    groups: tuple[str, ...]
    left: bool
    friend: bool
    marketing: bool
    exempt: bool
    minor: bool
    child: bool
    newcomer_since: Instant | None = None
    """When he joined, if that was seen."""


def audience_of(uow: UnitOfWork, members: Iterable[str], at: Instant) -> dict[str, Audience]:
    """Everybody of `members` as a recipient at `at`."""
    wanted = sorted(set(members))
    known = uow.members.get_many(wanted)
    memberships = uow.groups.of_members(wanted)
    agreed = consent.holding(uow, wanted, MARKETING, at)
    found: dict[str, Audience] = {}
    for member in wanted:
        row = known.get(member)
        ever = memberships.get(member, [])
        here = tuple(one.group_id for one in ever if one.present)
        found[member] = Audience(
            member=member,
            name=(row.name if row is not None else "") or next((one.name for one in ever if one.name), ""),
            groups=here,
            left=bool(ever) and not here,
            friend=row is not None and row.is_friend,
            marketing=member in agreed,
            exempt=row is not None and row.exempt,
            minor=row is not None and row.minor is not None,
            child=row is not None and row.minor == "under14",
            newcomer_since=None if row is None or row.inferred else row.joined_at,
        )
    return found


def held_out(member: str, one_in: int) -> bool:
    """Whether recalls are held back from this member: SHA-256 of the id, as a whole number, divides evenly."""
    if one_in <= 0:
        return False
    return int.from_bytes(hashlib.sha256(member.encode()).digest(), "big") % one_in == 0
