"""Merging and splitting contact ids (bot.core.links): what a word on them changes, and how the log is read with it.

The list of links follows the log. A former id is no member: what it did is folded as its member's, from the first event
on. What stays with the id: offices, friendship, consents (each holds for what came under it), its place in groups as
the platform tells it. A withdrawal reaches every id of the person; merging by itself erases nothing, so that a split
gives everything back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.links import MERGE, SPLIT, WORDS, Link, Word, linked, speaks
from bot.services import bindings, dissolving
from storage.link_rows import LinkRow
from storage.rows import EventRow, MemberRow
from storage.statements import chunks
from storage.tie_rows import TieRow
from storage.unit_of_work import UnitOfWork

MERGED = "编号已合并"
UNSETTLED = "relinked_at"
"""Deployment key: when ids were last merged or split, until all who are touched by it are folded and compared again."""
_FROM_THE_START, _EVER = 0, 1 << 62
Span = tuple[str, Instant]


class Former(NamedTuple):
    """A row of a former id for the fold of its member."""

    member: str
    at: Instant
    row: EventRow | TieRow


def ids(uow: UnitOfWork, id_: str) -> list[str]:
    """Every contact id of the person whom one of them means, the present one first."""
    main = uow.links.main(id_)
    return [main, *(link.old for link in uow.links.formers([main]))]


def by_person(uow: UnitOfWork, known: Mapping[str, str]) -> dict[str, str]:
    """What is known by contact id, by member; what a member's present id says stands."""
    mains = uow.links.mains(known)
    present = {id_: value for id_, value in known.items() if id_ not in mains}
    return {mains[id_]: value for id_, value in known.items() if id_ in mains} | present


def owned(uow: UnitOfWork, events: Sequence[Event]) -> list[Event]:
    """The same events under the members whose they are; what is said about ids is left out."""
    deeds = [event for event in events if event.type not in WORDS]
    mains = uow.links.mains(event.member for event in deeds if event.member is not None)
    return [replace(event, member=mains[event.member]) if event.member in mains else event for event in deeds]


def note(uow: UnitOfWork, events: Iterable[Event], now: Instant) -> list[Span]:
    """Follow newly recorded merges and splits. Returns (member, instant) of what must be folded again: the earliest
    instant says from when on, the latest how far."""
    return follow(uow, now) if any(event.type in WORDS for event in events) else []


def follow(uow: UnitOfWork, now: Instant) -> list[Span]:
    """Make the links what the log says."""
    before, after = uow.links.all(), linked(_words(uow))
    spans: list[Span] = []
    for old in sorted(before.keys() - after.keys()):
        spans += _let_go(uow, before[old])
    for old, link in sorted(after.items()):
        known = before.get(old)
        if known is None:
            spans += _take_in(uow, old, link, now)
        elif (known.member, known.since) != link:
            spans += _hand_over(uow, known, link)
    if spans:
        uow.deployment.put(UNSETTLED, str(now))
    return spans


def unsettled(uow: UnitOfWork) -> Instant | None:
    """When ids were last merged or split, None once that is done with."""
    noted = uow.deployment.get(UNSETTLED)
    return None if noted is None else int(noted)


def settled(uow: UnitOfWork, at: Instant) -> None:
    """What was done at `at` is done with, unless more has come."""
    if unsettled(uow) == at:
        uow.deployment.delete(UNSETTLED)


def _words(uow: UnitOfWork) -> Iterator[Word]:
    for type_, member, body in uow.events.links():
        if type_ == SPLIT:
            yield Word(SPLIT, member, member, 0)
        elif "old" in body:  # whom a merge spoke of may have been forgotten since
            yield Word(MERGE, body["old"], member, body["since"])


def _take_in(uow: UnitOfWork, old: str, link: Link, now: Instant) -> list[Span]:
    """The id is no member any more; who it was is kept for a split."""
    uow.members.introduce({link.member: ""})
    rows = uow.members.get_many([old, link.member])
    own, main = rows.get(old, MemberRow(old)), rows[link.member]
    lent = own.minor is not None and main.minor is None
    if lent:
        uow.members.save([main._replace(minor=own.minor)])
    reached = [row.folded_to for row in uow.rollups.get([old, link.member]).values() if row.facts]
    dissolving.unfold(uow, old)
    uow.outbox.cancel(now=now, reason=MERGED, member=old)
    uow.links.save([LinkRow(old, link.member, link.since, own.name, own.minor, lent)])
    return _lived(uow, old, link.member, *reached)


def _hand_over(uow: UnitOfWork, known: LinkRow, link: Link) -> list[Span]:
    uow.members.introduce({link.member: ""})
    uow.links.save([known._replace(member=link.member, since=link.since)])
    return _lived(uow, known.old, known.member) + _lived(uow, known.old, link.member)


def _let_go(uow: UnitOfWork, link: LinkRow) -> list[Span]:
    """The id is a member again, folded to where everybody is."""
    uow.links.delete([link.old])
    uow.members.introduce({link.old: link.name})
    rows = uow.members.get_many([link.old, link.member])
    mended = [rows[link.old]._replace(minor=link.minor)] if link.minor else []
    if link.lent and link.member in rows:
        mended.append(rows[link.member]._replace(minor=None))
    uow.members.save(mended)
    last = uow.sweeps.last()
    swept = [] if last is None else [last.as_of]
    return _lived(uow, link.old, link.old, *swept) + _lived(uow, link.old, link.member)


def _lived(uow: UnitOfWork, old: str, member: str, *reached: Instant) -> list[Span]:
    """The member's past is another, and that of whoever was in touch with `old`. He is folded as far as was reached."""
    life = uow.events.lifetime(old)
    touched: dict[str, Instant] = {}
    for tie in uow.ties.since({old: (-1, _EVER)}):
        touched.setdefault(tie.other, tie.at)
    uow.rollups.mark_late(touched)
    if life is None:
        return []
    return [(member, _FROM_THE_START), (member, max((life[1], *reached)))]


def formers(uow: UnitOfWork, spans: Mapping[str, tuple[Instant, Instant]]) -> Iterator[Former]:
    """What was done under former ids of these members, in the (after, until] of each, by member and instant."""
    found: dict[str, list[Former]] = {}
    for link in uow.links.formers(spans):
        span = {link.old: spans[link.member]}
        rows: list[EventRow | TieRow] = [row for row in bindings.logged(uow, span) if _speaks(row, link)]
        rows += uow.ties.since(span)
        found.setdefault(link.member, []).extend(Former(link.member, row.at, row) for row in rows)
    for _, rows_ in sorted(found.items()):
        yield from sorted(rows_, key=lambda one: one.at)


def _speaks(row: EventRow, link: LinkRow) -> bool:
    return speaks(row.type, row.at, Link(link.member, link.since))


def ties(uow: UnitOfWork, rows: Iterable[TieRow]) -> Iterator[TieRow]:
    """The same ties between persons; nobody is in touch with himself."""
    if not uow.links.any:
        yield from rows
        return
    for page in chunks(rows):
        mains = uow.links.mains({id_ for row in page for id_ in (row.member, row.other)})
        for row in page:
            one, other = mains.get(row.member, row.member), mains.get(row.other, row.other)
            if one != other:
                yield row._replace(member=one, other=other)


def disband(uow: UnitOfWork, id_: str) -> list[str]:
    """Every contact id of a person who is to be forgotten; they are linked no more."""
    found = ids(uow, id_)
    uow.links.delete(found)
    return found
