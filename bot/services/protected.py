"""Purposes that a director has recorded for sensitive personal information (PIPL Art. 28, RULEBOOK §8).

Without one nobody may be tagged in the category; with one, only a member whose separate consent stands.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.instants import Instant
from bot.core.records import SENSITIVE
from bot.services import consent
from storage.unit_of_work import UnitOfWork

CHILDREN = "不满十四周岁"
"""No purpose opens this category: nothing of a child is kept."""
_KEY = "protected_purpose:"
"""Deployment keys, one a category."""


def record(uow: UnitOfWork, category: str, purpose: str) -> None:
    """In place of the purpose recorded before; who did so is in the audit."""
    uow.deployment.put(_KEY + category, purpose)


def close(uow: UnitOfWork, category: str) -> bool:
    """Whether there was a purpose to take back; tags given under it show up in the audit of tags."""
    return uow.deployment.delete(_KEY + category)


def recorded(uow: UnitOfWork, categories: Iterable[str]) -> Mapping[str, str]:
    """The purposes there are, by category."""
    found = {category: uow.deployment.get(_KEY + category) for category in categories}
    return {category: purpose for category, purpose in found.items() if purpose is not None}


def permitted(uow: UnitOfWork, category: str, member: str, at: Instant) -> bool:
    """Whether a member may be tagged in the category: a purpose is recorded, and he agreed to it separately."""
    return bool(recorded(uow, [category])) and consent.holds(uow, member, SENSITIVE, at)
