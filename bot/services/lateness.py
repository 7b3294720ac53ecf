"""Late facts: whose past they change, and folding those members again (RULEBOOK §0 "a late event re-folds its member").

Members are folded again to where they stood; somebody met only now, by something that happened before the last sweep,
is brought to that sweep's instant.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import islice

from bot.core.instants import Instant
from bot.core.world import World
from bot.services import tagging
from bot.services.intake import Recorded
from storage.unit_of_work import UnitOfWork

PAGE = 100


def note(uow: UnitOfWork, recorded: Recorded) -> None:
    """Mark who must be folded again because of what was just recorded."""
    mark(uow, recorded.earliest)
    for prepared in recorded.new:
        if prepared.event.type == "deaf":
            uow.rollups.mark_all_late(prepared.event.body["from"])


def mark(uow: UnitOfWork, earliest: Mapping[str, Instant]) -> None:
    """Mark who was folded past these instants, and who should have been at the last sweep."""
    if not earliest:
        return
    uow.rollups.mark_late(earliest)
    last = uow.sweeps.last()
    if last is not None:
        uow.rollups.mark_dirty({member: at for member, at in earliest.items() if at <= last.as_of})


def fold_again(uow: UnitOfWork, world: World, now: Instant) -> bool:
    """Fold the next marked members again; whether there were any."""
    members = [member for member, _ in islice(uow.rollups.dirty(), PAGE)]
    if not members:
        return False
    last = uow.sweeps.last()
    tagging.bring(uow, members, world, last.as_of if last is not None else 0, now)
    return True
