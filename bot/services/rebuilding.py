"""Folding the whole log again beside what is stored, and mending what differs."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.world import World
from bot.services import samples, tag_rows, tagging
from bot.services.tagging import Brought
from storage.rows import RollupRow
from storage.unit_of_work import UnitOfWork


def rebuild(uow: UnitOfWork, members: Sequence[str], world: World, now: Instant) -> list[str]:
    """Fold `members` from their first event to where they stand; store those that come out otherwise and name them.

    Who was never folded is left to the next sweep.
    """
    stored = uow.rollups.get(members)
    begun = {member: Brought(Facts(member), tag_rows.held(uow, member), anew=True) for member in stored}
    tagging.fold_all(uow, begun, {member: row.folded_to for member, row in stored.items()}, world)
    changed = {member: brought for member, brought in begun.items() if _differs(brought, stored[member], world)}
    changed |= {member: begun[member] for member in samples.differing(uow, begun)}
    tagging.store(uow, changed, world, now)
    return sorted(changed)


def _differs(brought: Brought, row: RollupRow, world: World) -> bool:
    return brought.facts.tags != brought.before or tagging.rollup_of(brought.facts, world).facts != row.facts
