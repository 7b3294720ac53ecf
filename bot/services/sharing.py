"""What may leave the house (RULEBOOK §8): consenting members under a keyed hash with provenance, and totals of many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator

from bot.core.instants import Instant
from bot.core.world import World
from bot.services import consent, linking, views
from bot.services.export import Layout, Record, Sees
from bot.services.people import keyed_hash
from bot.services.reports.invites import INVITER_PATH
from bot.services.reports.people import HIDDEN_BELOW
from bot.services.views import Asked
from storage.unit_of_work import UnitOfWork

SHARED = Layout(("key",), ("path", "value", "weight", "source", "rule", "rule_set", "since", "expires_at"))
"""No `because`: facts may name groups, days and other people."""
TOTALS = Layout(("path", "value", "holders"))
OF_OTHERS = frozenset({INVITER_PATH})
"""Paths whose values are other people's contact ids."""
KeyOf = Callable[[str], str | None]
"""A member's key outside; None for one who has none there."""


def keys(uow: UnitOfWork, secret: str, system: str | None, at: Instant) -> KeyOf:
    """HMAC-SHA256 of the contact id, or of the id that is bound in another system."""
    if system is None:
        return lambda member: keyed_hash(secret, member)
    bound = linking.by_person(uow, uow.events.bound(system, at))
    return lambda member: keyed_hash(secret, bound[member]) if member in bound else None


def records(uow: UnitOfWork, world: World, at: Instant, sees: Sees, key_of: KeyOf) -> Iterator[Record]:
    """Members whose `share` consent stands and was not withdrawn since, with the tags that may be seen."""
    for shown in views.members(uow, Asked(), world, at):
        member = shown.facts.member
        key = key_of(member) if "share" in shown.facts.consents else None
        if key is None or not consent.holds(uow, member, "share", at):
            continue
        held = [shown.facts.tags[name] for name in sorted(shown.facts.tags) if is_open(*name, sees)]
        told = [views.tag_record(one, world.zone) for one in held]
        yield {"key": key, "tags": [{name: tag[name] for name in SHARED.of_tag} for tag in told]}


def totals(uow: UnitOfWork, world: World, at: Instant, sees: Sees) -> Iterator[Record]:
    """How many hold each tag, by path and value; a cohort of fewer than five is left out with its value."""
    counted: Counter[tuple[str, str]] = Counter()
    for shown in views.members(uow, Asked(), world, at):
        counted.update(name for name in shown.facts.tags if is_open(*name, sees))
    for (path, value), holders in sorted(counted.items()):
        if holders >= HIDDEN_BELOW:
            yield {"path": path, "value": value, "holders": holders}


def is_open(path: str, value: str, sees: Sees) -> bool:
    """Whether a tag may leave the house at all."""
    return path not in OF_OTHERS and sees(path, value)
