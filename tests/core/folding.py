"""Folding in tests: one go, in pieces with storage in between, and in whatever order the entries arrived."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.fold import fold
from bot.core.holding import settle
from bot.core.instants import Instant
from bot.core.journal import Journal
from bot.core.world import World


def folded(entries: Iterable[Entry], world: World, until: Instant, member: str = "m") -> tuple[Facts, Journal]:
    """A member's facts at `until`, from entries in any order; later ones are left out."""
    facts, journal = Facts(member), Journal()
    mine = (entry for entry in entries if entry.at <= until and entry.member == member)
    fold(facts, sorted(mine, key=lambda entry: entry.order), world, until, journal)
    settle(facts, world, until, journal)
    return facts, journal


def folded_in_pieces(
    entries: Sequence[Entry], world: World, cuts: Sequence[Instant], settled: bool = False
) -> tuple[Facts, Journal]:
    """The same, stored and read back at each of `cuts`; the last one is the end."""
    facts, journal, seen = Facts("m"), Journal(), -1
    for until in sorted(cuts):
        fresh = sorted((e for e in entries if seen < e.at <= until and e.member == "m"), key=lambda e: e.order)
        fold(facts, fresh, world, until, journal)
        if settled:
            settle(facts, world, until, journal)
        facts, seen = stored(facts), until
    settle(facts, world, max(cuts), journal)
    return facts, journal


def stored(facts: Facts) -> Facts:
    return Facts.from_record(orjson.loads(orjson.dumps(facts.as_record())))
