"""Samples of folded members on their way to storage, and how far back they disturb comparisons already made."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING

from bot.core.instants import Instant
from bot.core.journal import Journal
from bot.core.particulars import Sample
from bot.core.rules.cohort import RANKS, Rank, has_data, is_hidden
from bot.core.world import World
from storage.rows import SampleRow, TagChangeRow, TagRow
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.services.tagging import Brought

COMPARED_TO, DISTURBED_FROM = "compared_to", "compare_from"
"""Deployment keys: everybody has been compared up to here; from here on it must be done again."""


def write(uow: UnitOfWork, begun: Mapping[str, Brought], world: World, now: Instant) -> None:
    """Append the new samples; who was folded anew has his replaced. What has no ground any more ends at once."""
    for member in differing(uow, {member: brought for member, brought in begun.items() if brought.corrects}):
        _disturb(uow, member, begun[member].journal)
        uow.samples.delete(member)
        _end_now(uow, member, begun[member], world, now)
        uow.samples.put(rows_of(member, begun[member].journal))
    moved = {member: brought for member, brought in begun.items() if brought.journal.samples and not brought.corrects}
    uow.samples.put(row for member, brought in moved.items() for row in rows_of(member, brought.journal))
    note_disturbed(uow, (at for brought in moved.values() if brought.unknown for at in brought.journal.samples))
    for member, brought in moved.items():
        if not brought.unknown:
            _end_now(uow, member, brought, world, now)


def leave(uow: UnitOfWork, member: str) -> None:
    """A member who is forgotten was never compared with the others."""
    note_disturbed(uow, (row.at for row in uow.samples.of_members([member]).get(member, ())))
    uow.samples.delete(member)


def rows_of(member: str, journal: Journal) -> list[SampleRow]:
    return [_row(member, sample, until) for _, (sample, until) in sorted(journal.samples.items())]


def _row(member: str, own: Sample, until: Instant) -> SampleRow:
    figures = (own.clicks, own.conversion, own.last_order, own.orders, own.total)
    return SampleRow(member, own.at, until, *figures, own.hidden, own.ties)


def differing(uow: UnitOfWork, begun: Mapping[str, Brought]) -> list[str]:
    """Members folded from the start whose samples are not those stored."""
    stored = uow.samples.of_members(begun)
    return [member for member, brought in begun.items() if rows_of(member, brought.journal) != stored.get(member, [])]


def _disturb(uow: UnitOfWork, member: str, journal: Journal) -> None:
    """Everybody is compared again from the first sample that came out otherwise."""
    stored = uow.samples.of_members([member]).get(member, [])
    differ = {row._replace(until=0) for row in stored} ^ {row._replace(until=0) for row in rows_of(member, journal)}
    note_disturbed(uow, (row.at for row in differ))


def note_disturbed(uow: UnitOfWork, instants: Iterable[Instant]) -> None:
    """Note the earliest of these instants, if comparisons have gone beyond it."""
    first = min(instants, default=None)
    compared_to = uow.deployment.get(COMPARED_TO)
    if first is None or compared_to is None or first > int(compared_to):
        return
    noted = uow.deployment.get(DISTURBED_FROM)
    if noted is None or first < int(noted):
        uow.deployment.put(DISTURBED_FROM, str(first))


def _end_now(uow: UnitOfWork, member: str, brought: Brought, world: World, now: Instant) -> None:
    """Take away the stored ranks that the member's newest sample cannot bear; the next comparison says the same."""
    newest = brought.facts.sample
    at = max(brought.journal.samples, default=brought.facts.seen_to)
    rows = uow.tags.of_members([member]).get(member, [])
    gone = [row for row in rows for rank in RANKS if row.rule == rank.rule and not _borne(newest, rank, row)]
    if gone:
        uow.tags.apply([], [(member, row.path, row.value) for row in gone])
        uow.tags.add_changes([_loss(row, at, world, now) for row in gone])


def _borne(newest: Sample | None, rank: Rank, row: TagRow) -> bool:
    return has_data(newest, rank) and not is_hidden(newest, row.path, row.value)


def _loss(row: TagRow, at: Instant, world: World, now: Instant) -> TagChangeRow:
    number = world.version(at).number
    return TagChangeRow(row.member, row.path, row.value, "lost", at, {"说明": "已无依据"}, row.rule, number, now)
