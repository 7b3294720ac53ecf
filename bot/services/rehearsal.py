"""A dry run of rules: who would gain and lose which tag, and what would be sent, with nothing stored (RULEBOOK §8)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.facts import Facts
from bot.core.garbage import collector_paused
from bot.core.instants import Instant
from bot.core.journal import Journal, Plan
from bot.core.rules.cohort import RANKS
from bot.core.ruleset import RuleSet
from bot.core.sleep import tells_all_asleep
from bot.core.turning import try_turn
from bot.core.world import RuleVersion, World
from bot.services import outreach, samples, tagging
from bot.services.cohorts import NONE, Cohorts
from bot.services.outreach import Speaking
from storage.rows import SampleRow
from storage.unit_of_work import UnitOfWork

Found = dict[str, list[str]]
"""Members by tag ("path=value")."""


def coming(world: World, rules: RuleSet, at: Instant) -> World:
    """The world in which `rules` come into force at `at`."""
    known = world.versions
    turn = RuleVersion(at, 1 + max(v.number for v in known), rules, 1 + max(v.turn for v in known))
    return replace(world, versions=(*known, turn))


@dataclass(slots=True)
class Rehearsal:
    """What would come of it if the newest rules of the world `after` came into force at `at`, as they do there.

    world: how it is without them. speaking: how messages are planned under them.
    """

    world: World
    after: World
    at: Instant
    speaking: Speaking
    gain: Found = field(default_factory=dict)
    lose: Found = field(default_factory=dict)
    would_send: dict[str, int] = field(default_factory=dict)
    _taken: dict[str, SampleRow] = field(default_factory=dict)

    @property
    def _rules(self) -> RuleSet:
        return self.after.versions[-1].rules

    @property
    def _compares_anew(self) -> bool:
        return self.world.version(self.at).rules.cohort != self._rules.cohort

    def try_page(self, uow: UnitOfWork, members: Sequence[str]) -> None:
        """Let the rules come into force for these members."""
        with collector_paused():
            self._try_all(uow, members)

    def _try_all(self, uow: UnitOfWork, members: Sequence[str]) -> None:
        plans: list[Plan] = []
        for member, facts in tagging.folded_or_asleep(uow, members, self.world, self.at, self._does).items():
            if facts.evaluated_to is None:
                continue
            held, journal = set(facts.tags), Journal()
            try_turn(facts, self.after, journal)
            self._note(member, held, facts)
            self._keep_sample(facts, journal)
            plans += journal.plans
        if plans:
            self._count(uow, plans)

    def _does(self, sleeper: Facts) -> bool:
        return tells_all_asleep(sleeper, self._rules)

    def _note(self, member: str, held: set[tuple[str, str]], facts: Facts) -> None:
        for found, keys in ((self.gain, facts.tags.keys() - held), (self.lose, held - facts.tags.keys())):
            for path, value in keys:
                found.setdefault(f"{path}={value}", []).append(member)

    def _count(self, uow: UnitOfWork, plans: Sequence[Plan]) -> None:
        """Messages that would be queued: new ones, and not those of whom a campaign is held back from."""
        rows = {row.dedupe_key: row for row in outreach.drafted(uow, plans, self.speaking) if row.status == "queued"}
        for key in rows.keys() - uow.outbox.known(rows):
            self.would_send[rows[key].kind] = self.would_send.get(rows[key].kind, 0) + 1

    def _keep_sample(self, facts: Facts, journal: Journal) -> None:
        if self._compares_anew and journal.samples:
            self._taken[facts.member] = samples.rows_of(facts.member, journal)[-1]

    def compare(self, uow: UnitOfWork) -> None:
        """Let everybody be compared by the new rules, where these say something else about it."""
        if not self._compares_anew:
            return
        cohorts = Cohorts()
        cohorts.take(row for row in uow.samples.holding(self.at) if row.member not in self._taken)
        cohorts.take(self._taken.values())
        held = {rank.rule: _holders(uow, rank.path, rank.values, rank.rule) for rank in RANKS}
        for turn in cohorts.evaluate(self.at, self._rules.cohort):
            if turn.new != NONE:
                rank = RANKS[turn.rank]
                self._move(rank.path, turn.member, held[rank.rule].pop(turn.member, None), rank.values[turn.new])
        for rank in RANKS:
            for member, value in held[rank.rule].items():
                self._move(rank.path, member, value, None)

    def _move(self, path: str, member: str, before: str | None, after: str | None) -> None:
        if before != after:
            if before is not None:
                self.lose.setdefault(f"{path}={before}", []).append(member)
            if after is not None:
                self.gain.setdefault(f"{path}={after}", []).append(member)

    def as_record(self) -> dict[str, Any]:
        """CONTRACT `rules dry-run --json`."""
        return {
            "gain": _sorted(self.gain),
            "lose": _sorted(self.lose),
            "would_send": dict(sorted(self.would_send.items())),
        }


def _holders(uow: UnitOfWork, path: str, values: Sequence[str], rule: str) -> dict[str, str]:
    return {member: value for value in values for member in uow.tags.holders_by_rule(path, value, rule)}


def _sorted(found: Mapping[str, list[str]]) -> Found:
    return {tag: sorted(found[tag]) for tag in sorted(found)}
