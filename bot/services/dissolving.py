"""Taking a member out of the list, with all that was worked out about him; his log stays."""

from __future__ import annotations

from bot.services import samples
from storage.unit_of_work import UnitOfWork


def unfold(uow: UnitOfWork, member: str) -> None:
    """Delete what the fold made of a member, and his place in the list."""
    uow.tags.delete(member)
    uow.tags.replace_changes(member, ())
    uow.stages.replace(member, ())
    uow.flags.replace(member, ())
    samples.leave(uow, member)
    uow.rollups.delete(member)
    uow.members.delete(member)
