"""Joins and leaves that the platform did not tell of, inferred from member lists and from first messages."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from bot.core.events import Event
from bot.core.instants import DAY, MINUTE, Instant
from bot.core.roster import Change, compare
from bot.ports import GroupEntered, JoinHeard, LeaveHeard, MessageHeard, Person, RosterHeard
from bot.services import admins, delivery, people, relinking
from handlers import translation
from handlers.house import House
from storage.rows import MembershipRow
from storage.unit_of_work import UnitOfWork

SAME_NEWS = 10 * MINUTE
"""A join or leave told again within this is the same one."""
HELD_FOR = 1 * DAY
"""How long nobody is pushed to after ids have changed: it is not known who is who."""


def missed(uow: UnitOfWork, house: House, heard: GroupEntered | RosterHeard) -> list[Event]:
    """Who came or went unnoticed since the group was last known. The first list of a group tells of nobody."""
    known = uow.groups.get(heard.group)
    if known is None or known.account is None or not known.present:
        return []
    there = {row.member: row for row in uow.groups.present_members(heard.group) if row.last_at <= heard.at}
    listed = {person.id: person for person in heard.people}
    change = compare(there.keys(), listed.keys())
    if change.new_ids and isinstance(heard, GroupEntered):
        _hold_pushes(uow, house, heard)
    _note_changes(uow, heard, there.keys(), listed.keys(), change)
    joined = tuple(listed[member] for member in sorted(change.joined))
    left = tuple(Person(member) for member in sorted(change.left))
    gone = translation.leaves(LeaveHeard(heard.at, heard.group, left))
    return gone + translation.joins(JoinHeard(heard.at, heard.group, joined))


def _note_changes(
    uow: UnitOfWork, heard: GroupEntered | RosterHeard, there: AbstractSet[str], now: AbstractSet[str], change: Change
) -> None:
    """Who is gone and who is new, for the search for people under other ids; from a list that can be believed."""
    uow.relinks.back(heard.group, now)
    if change != Change():
        come = now - there - people.barred(uow, set(now - there))
        relinking.note_changes(uow, heard.group, there - now, come, heard.at)


def _hold_pushes(uow: UnitOfWork, house: House, heard: GroupEntered) -> None:
    """Nothing is moved from the old ids to the new by itself; the people in charge are told."""
    uow.deployment.put(delivery.HELD_UNTIL, str(heard.at + HELD_FOR))
    text = house.messages.text("notice.new_ids", group=heard.group_name or heard.group, hours=HELD_FOR // (60 * MINUTE))
    for receiver in admins.in_charge(uow, heard.at):
        key = f"new_ids:{heard.group}:{heard.at}:{receiver}"
        uow.outbox.add([admins.notice(key, "new_ids", receiver, text, heard.at)])


def first_words(uow: UnitOfWork, house: House, said: Sequence[MessageHeard]) -> list[Event]:
    """Joins of those who speak in a group whose list they were not in, where the platform may lose joins."""
    if house.chat is None or not house.chat.forgetful:
        return []
    seen = uow.groups.of_members({heard.sender.id for heard in said if heard.group is not None})
    first: dict[tuple[str, str], MessageHeard] = {}
    for heard in said:
        if heard.group is not None and _is_away(seen.get(heard.sender.id, ()), heard.group, heard.at):
            first.setdefault((heard.group, heard.sender.id), heard)
    entered = {group for group in {group for group, _ in first} if _is_entered(uow, group)}
    return [
        event
        for (group, _), heard in first.items()
        if group in entered
        for event in translation.joins(JoinHeard(heard.at, group, (heard.sender,)))
    ]


def _is_away(seen: Iterable[MembershipRow], group: str, at: Instant) -> bool:
    here = next((row for row in seen if row.group_id == group), None)
    return here is None or (not here.present and here.last_at < at)


def _is_entered(uow: UnitOfWork, group: str) -> bool:
    known = uow.groups.get(group)
    return known is not None and known.account is not None


def newly_told(uow: UnitOfWork, heard: JoinHeard) -> list[Event]:
    """The joins of which nothing is known yet: a list or a first message may have told of them before."""
    known = _joins_near(uow, heard)
    return [event for event in translation.joins(heard) if event.member not in known]


def newly_left(uow: UnitOfWork, heard: LeaveHeard) -> list[Event]:
    """The leaves of which nothing is known yet: another account or a list may have told of them before."""
    seen = uow.groups.of_members([person.id for person in heard.people])
    still = tuple(one for one in heard.people if not _has_left(seen.get(one.id, ()), heard.group, heard.at))
    return translation.leaves(replace(heard, people=still))


def _has_left(seen: Iterable[MembershipRow], group: str, at: Instant) -> bool:
    return any(row.group_id == group and not row.present and abs(row.last_at - at) <= SAME_NEWS for row in seen)


def _joins_near(uow: UnitOfWork, heard: JoinHeard) -> set[str]:
    ids = [person.id for person in heard.people]
    seen = uow.groups.of_members(ids)
    present = {i for i in ids if any(row.group_id == heard.group and row.present for row in seen.get(i, ()))}
    if not present:
        return set()
    near = uow.events.of_members(present, heard.at - SAME_NEWS, heard.at + SAME_NEWS)
    return {row.member for row in near if row.type == "join" and row.group_id == heard.group and row.member}
