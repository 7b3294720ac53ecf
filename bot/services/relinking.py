"""Contact ids that change between logins: what is noted of them, and which pairs are proposed to the directors.

A person merges them, or nobody does: whatever the evidence (bot.core.resemblance), nothing is moved by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.core.instants import DAY, Instant
from bot.core.resemblance import Match, Trace, matches
from bot.ports import Person
from bot.services import roles
from storage.link_rows import ContactRow, NicknameRow, ProposalRow, RosterChangeRow
from storage.unit_of_work import UnitOfWork

LOOKED_FOR = 3 * DAY
"""How long an id that came or went is looked at: evidence may still gather."""
KEPT_NAMES = 10
NICKNAME_LASTS = 7 * DAY
"""After so long a name in a group is asked again."""
TIES_FOR = 90 * DAY
MERGED, REFUSED = "merged", "refused"


def note_contacts(uow: UnitOfWork, people: Sequence[Person]) -> None:
    """Keep what is shown of these; their former names stay known."""
    known = uow.relinks.contacts([one.id for one in people])
    fresh = {one.id: _shown(known.get(one.id, ContactRow(one.id)), one) for one in people}
    uow.relinks.show(row for id_, row in fresh.items() if row != known.get(id_))


def _shown(known: ContactRow, now: Person) -> ContactRow:
    names = [name for name in known.names if name != now.name]
    kept = [*names, now.name][-KEPT_NAMES:] if now.name else list(known.names)
    return ContactRow(now.id, kept, now.alias or known.alias, now.avatar or known.avatar, now.friend)


def to_ask(uow: UnitOfWork, group: str, now: Instant, most: int) -> list[str]:
    """Whose name in a group is to be asked next: who came last, first."""
    asked = uow.relinks.asked(group, now - NICKNAME_LASTS)
    waiting = [row for row in uow.groups.present_members(group) if row.member not in asked]
    return [row.member for row in sorted(waiting, key=lambda row: (-row.first_at, row.member))[:most]]


def note_nicknames(uow: UnitOfWork, group: str, asked: Iterable[str], called: Mapping[str, str], now: Instant) -> None:
    """Keep what these call themselves in a group; a name that is no other than the person's own tells nothing."""
    known = uow.relinks.contacts(asked)
    for_whom = {id_: known.get(id_, ContactRow(id_)).names for id_ in asked}
    uow.relinks.call(
        NicknameRow(group, id_, name if (name := called.get(id_, "")) not in names else "", now)
        for id_, names in for_whom.items()
    )


def note_changes(uow: UnitOfWork, group: str, gone: Iterable[str], come: Iterable[str], at: Instant) -> None:
    """Two lists of a group were compared: these ids stand in it no more, those for the first time."""
    rows = [RosterChangeRow(group, id_, True, at) for id_ in gone]
    uow.relinks.note_changes(rows + [RosterChangeRow(group, id_, False, at) for id_ in come])


def proposals(uow: UnitOfWork, now: Instant) -> list[ProposalRow]:
    """Pairs among the ids that came and went of late."""
    changes = uow.relinks.changes(now - LOOKED_FOR)
    gone, come = _vanished(uow, changes), _unknown_before(uow, changes)
    if not gone or not come:
        return []
    found = matches(_traces(uow, gone, now), _traces(uow, come, now))
    return [_row(match, gone, come, now) for match in found]


def _row(match: Match, gone: Mapping[str, _Seen], come: Mapping[str, _Seen], now: Instant) -> ProposalRow:
    since = min(gone[match.old].at, come[match.new].at)
    return ProposalRow(match.old, match.new, match.likeness.points, list(match.likeness.grounds), since, now)


@dataclass(frozen=True, slots=True)
class _Seen:
    rooms: frozenset[str]
    at: Instant


def _by_id(changes: Iterable[RosterChangeRow], gone: bool) -> dict[str, _Seen]:
    found: dict[str, _Seen] = {}
    for row in changes:
        if row.gone == gone:
            seen = found.get(row.member, _Seen(frozenset(), row.at))
            found[row.member] = _Seen(seen.rooms | {row.group_id}, min(seen.at, row.at))
    return found


def _vanished(uow: UnitOfWork, changes: Sequence[RosterChangeRow]) -> dict[str, _Seen]:
    """Members who stand in no list any more; a former contact id is looked for no longer."""
    found = _by_id(changes, gone=True)
    places, members = uow.groups.of_members(found), uow.members.get_many(found)
    return {
        id_: seen
        for id_, seen in found.items()
        if id_ in members and all(row.group_id in seen.rooms for row in places.get(id_, ()) if row.present)
    }


def _unknown_before(uow: UnitOfWork, changes: Sequence[RosterChangeRow]) -> dict[str, _Seen]:
    """Members who were never met before they stood in a list, with all the groups they are in now."""
    found = _by_id(changes, gone=False)
    places, members = uow.groups.of_members(found), uow.members.get_many(found)
    new: dict[str, _Seen] = {}
    for id_, seen in found.items():
        life = uow.events.lifetime(id_)
        rows = places.get(id_, [])
        met = min([row.first_at for row in rows] + ([life[0]] if life else []), default=seen.at)
        if id_ in members and met >= seen.at and not _has_formers(uow, id_):
            new[id_] = _Seen(frozenset(row.group_id for row in rows if row.present) or seen.rooms, seen.at)
    return new


def _has_formers(uow: UnitOfWork, id_: str) -> bool:
    return bool(uow.links.formers([id_]))


def _traces(uow: UnitOfWork, seen: Mapping[str, _Seen], now: Instant) -> dict[str, Trace]:
    contacts, members = uow.relinks.contacts(seen), uow.members.get_many(seen)
    places, ties = uow.groups.of_members(seen), _ties(uow, seen, now)
    called = _called(uow, seen)
    found: dict[str, Trace] = {}
    for id_, one in seen.items():
        shown = contacts.get(id_, ContactRow(id_))
        borne = [*(row.name for row in places.get(id_, ())), *shown.names, members[id_].name]
        names = tuple(dict.fromkeys(name for name in reversed(borne) if name))[::-1]
        friend = members[id_].is_friend or shown.friend
        found[id_] = Trace(
            one.rooms,
            names,
            shown.alias,
            shown.avatar,
            friend,
            ties.get(id_, frozenset()),
            called.get(id_, frozenset()),
        )
    return found


def _called(uow: UnitOfWork, seen: Iterable[str]) -> dict[str, frozenset[tuple[str, str]]]:
    found: dict[str, set[tuple[str, str]]] = {}
    for row in uow.relinks.nicknames(seen):
        found.setdefault(row.member, set()).add((row.group_id, row.name))
    return {member: frozenset(names) for member, names in found.items()}


def _ties(uow: UnitOfWork, seen: Iterable[str], now: Instant) -> dict[str, frozenset[str]]:
    """Whom each was in touch with of late; whoever's id changed too and was merged is one person."""
    rows = list(uow.ties.since(dict.fromkeys(seen, (now - TIES_FOR, now))))
    mains = uow.links.mains(row.other for row in rows)
    found: dict[str, set[str]] = {}
    for row in rows:
        found.setdefault(row.member, set()).add(mains.get(row.other, row.other))
    return {member: frozenset(others) for member, others in found.items()}


def directors(uow: UnitOfWork, at: Instant) -> list[str]:
    """Those who may merge and have a direct chat."""
    holders = {row.member for row in uow.roles.holders(roles.DIRECTOR, at)}
    known = uow.members.get_many(holders)
    return sorted(member for member in holders if member in known and known[member].is_friend)


def first_seen(uow: UnitOfWork, old: str, new: str, now: Instant) -> Instant:
    """Since when the new id is there, or the old one gone: what the platform then says of the old one is no deed."""
    told = [row.at for row in uow.relinks.of_member(old) if row.gone]
    places = [row.first_at for row in uow.groups.of_member(new)]
    life = uow.events.lifetime(new)
    return min([now, *told, *places, *([life[0]] if life else [])])
