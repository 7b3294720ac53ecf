"""Who may stand in a report about relations, and what is shown of him."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from bot.core.facts import Facts
from bot.core.instants import Instant
from bot.core.world import World
from bot.services import tagging
from storage.unit_of_work import UnitOfWork

PAGE = 200
HIDDEN_BELOW = 5
"""Shared totals about fewer people are not told (RULEBOOK §8)."""


def ids(uow: UnitOfWork, path: str | None = None) -> Iterator[str]:
    """Everybody, or the holders of a tag path, in id order."""
    after = None
    while rows := uow.members.page(after, PAGE, path=path):
        after = rows[-1].member
        yield from (row.member for row in rows)


def willing(uow: UnitOfWork, members: Iterable[str], world: World, at: Instant) -> Mapping[str, Facts]:
    """Facts at `at` of those who were met, did not object to be profiled, and are no exempt staff or bots."""
    found: dict[str, Facts] = {}
    source = iter(sorted(set(members)))
    while page := list(islice(source, PAGE)):
        known = list(uow.members.get_many(page))
        looked = tagging.look(uow, known, world, at)
        found.update((member, facts) for member, facts in looked.items() if _willing(facts))
    return found


def _willing(facts: Facts) -> bool:
    return facts.joined_at is not None and not facts.barred("behaviour") and not facts.exempt


def named(facts: Facts) -> dict[str, str]:
    return {"member": facts.member, "name": facts.name}


def told(count: int) -> int | str:
    """A shared total as it may be told."""
    return count if count >= HIDDEN_BELOW else f"不足{HIDDEN_BELOW}"
