"""A dry run of rules: who would gain and lose which tag, and what would be sent, with nothing stored (RULEBOOK §8)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.core.facts import Facts
from bot.core.garbage import collector_paused
from bot.core.holding import settle
from bot.core.instants import Instant
from bot.core.journal import Journal, Plan
from bot.core.rules.cohort import RANKS
from bot.core.ruleset import RuleSet
from bot.core.turning import turn_to
from bot.core.world import RuleVersion, World
from bot.services import outreach, samples, tagging
from bot.services.audience import audience_of, held_out
from bot.services.cohorts import NONE, Cohorts
from storage.rows import SampleRow
from storage.unit_of_work import UnitOfWork

Found = dict[str, list[str]]
"""Members by tag ("path=value")."""


@dataclass(slots=True)
class Rehearsal:
    """The world in which `rules` come into force at `at`, and what would come of it."""

    world: World
    rules: RuleSet
    at: Instant
    gain: Found = field(default_factory=dict)
    lose: Found = field(default_factory=dict)
    would_send: dict[str, int] = field(default_factory=dict)
    _taken: dict[str, SampleRow] = field(default_factory=dict)

    @property
    def _turn(self) -> RuleVersion:
        versions = self.world.versions
        return RuleVersion(self.at, 1 + max(v.number for v in versions), self.rules, 1 + max(v.turn for v in versions))

    @property
    def _compares_anew(self) -> bool:
        return self.world.version(self.at).rules.cohort != self.rules.cohort

    def try_page(self, uow: UnitOfWork, members: Sequence[str]) -> None:
        """Let the rules come into force for these members."""
        with collector_paused():
            self._try_all(uow, members)

    def _try_all(self, uow: UnitOfWork, members: Sequence[str]) -> None:
        after = replace(self.world, versions=(*self.world.versions, self._turn))
        turn = after.versions[-1]
        for member, facts in tagging.folded_to(uow, members, self.world, self.at).items():
            if facts.evaluated_to is None:
                continue
            held, journal = set(facts.tags), Journal()
            turn_to(facts, after, turn, journal)
            settle(facts, after, self.at, journal)
            self._note(member, held, facts)
            self._count(uow, journal.plans)
            self._keep_sample(facts, journal)

    def _note(self, member: str, held: set[tuple[str, str]], facts: Facts) -> None:
        for found, keys in ((self.gain, facts.tags.keys() - held), (self.lose, held - facts.tags.keys())):
            for path, value in keys:
                found.setdefault(f"{path}={value}", []).append(member)

    def _count(self, uow: UnitOfWork, plans: Iterable[Plan]) -> None:
        """Pushes that would go out: to friends who agreed, were not held out, and may be written to."""
        for plan in plans:
            whom = audience_of(uow, [plan.member], self.at)[plan.member]
            barred = whom.exempt or whom.left or whom.child
            push = plan.kind in outreach.PUSHES
            unreachable = push and (not whom.marketing or whom.minor or not whom.friend)
            held = plan.kind in outreach.CAMPAIGNS and held_out(plan.member, self.rules.outreach.holdout_one_in)
            if not (barred or unreachable or held):
                self.would_send[plan.kind] = self.would_send.get(plan.kind, 0) + 1

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
        for turn in cohorts.evaluate(self.at, self.rules.cohort):
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
