"""Which rules held when: rule-set versions, their activation, and the world a fold sees."""

from __future__ import annotations

from collections.abc import Callable
from zoneinfo import ZoneInfo

from bot.core.instants import Instant
from bot.core.ruleset import RuleSet
from bot.core.world import Deaf, RuleVersion, World
from storage.unit_of_work import UnitOfWork

ReadRules = Callable[[str], RuleSet]
"""TOML text to a rule set; the caller brings it, since reading files is not a service's business."""
FIRST = 0
"""The first version holds for all time before the second."""


def ensure(
    uow: UnitOfWork, content: str, digest: str, at: Instant, author: str = "系统", note: str = "启动时载入"
) -> int:
    """The number of the rule set with this content, added and activated if it was never seen.

    A known one that is not active was rolled back or replaced by a person, and stays so.
    """
    known = uow.rule_sets.by_digest(digest)
    if known is not None:
        return known.number
    number = add(uow, content, digest, at, author, note)
    uow.rule_sets.activate(number, at if uow.rule_sets.activations() else FIRST, author)
    return number


def add(uow: UnitOfWork, content: str, digest: str, at: Instant, author: str, note: str) -> int:
    return uow.rule_sets.add(digest=digest, author=author, note=note, created_at=at, content=content)


def world(uow: UnitOfWork, zone: ZoneInfo, read: ReadRules, until: Instant) -> World:
    """Surroundings of folds up to `until`."""
    versions = []
    for activation in uow.rule_sets.activations():
        stored = uow.rule_sets.get(activation.number)
        assert stored is not None, "an activation names a stored rule set"
        versions.append(RuleVersion(activation.at, activation.number, read(stored.content)))
    deaf = tuple(Deaf(*span) for span in uow.events.deaf(until))
    return World(zone, tuple(versions), deaf)
