"""Bringing members to an instant: load what is folded, fold what is new, write down what changed.

A member whose past was changed by a late event is folded again from the start; the result is the same as if the event
had come in time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import orjson

from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.fold import fold
from bot.core.garbage import collector_paused
from bot.core.holding import settle
from bot.core.instants import Instant
from bot.core.journal import Journal, Plan
from bot.core.score import score
from bot.core.sleep import NEVER, look_again_at
from bot.core.tags import Tags
from bot.core.world import World
from bot.services import samples, tag_rows
from bot.services.history import entries_of, heard_next
from storage.rows import MemberRow, RollupRow
from storage.unit_of_work import UnitOfWork

NOTHING: Mapping[str, Instant] = {}
BEFORE_ALL: Instant = -1


@dataclass(slots=True)
class Brought:
    """One member after a fold. `anew`: folded from the start; `before` are the tags held until now.

    Before `wakes_at` nothing is new in the log. `unknown`: nothing is stored of him yet.
    """

    facts: Facts
    before: Tags
    journal: Journal = field(default_factory=Journal)
    anew: bool = False
    wakes_at: Instant = 0
    unknown: bool = False

    @property
    def corrects(self) -> bool:
        """Whether what was stored of him gives place."""
        return self.anew and not self.unknown


@collector_paused()
def bring(
    uow: UnitOfWork,
    members: Sequence[str],
    world: World,
    until: Instant,
    now: Instant,
    earliest: Mapping[str, Instant] = NOTHING,
    latest: Mapping[str, Instant] = NOTHING,
) -> list[Plan]:
    """Fold `members` to `until` (who is already further stays there) and store them. Returns what they would be told.

    `earliest`: the first new instant by member, so that late events are noticed. `latest`: where to stop instead of
    `until`, so that live a member's clock stands at his own last event. `now` goes into the records.
    """
    folded = uow.rollups.get(members)
    begun = {member: _begin(member, folded.get(member), world, earliest) for member in members}
    for member, brought in begun.items():
        if brought.corrects:
            brought.before = tag_rows.held(uow, member)
    targets = {member: _target(folded.get(member), latest.get(member, until)) for member in members}
    fold_all(uow, begun, targets, world)
    store(uow, begun, world, now)
    return [plan for brought in begun.values() for plan in brought.journal.plans]


def look(uow: UnitOfWork, members: Sequence[str], world: World, until: Instant) -> dict[str, Facts]:
    """What `bring` would make of `members`, without storing anything; asked by a former contact id, of its member."""
    mains = uow.links.mains(members)
    looked = folded_to(uow, list(dict.fromkeys(mains.get(one, one) for one in members)), world, until)
    tag_rows.add_ranks(uow, looked)
    return {one: looked[mains.get(one, one)] for one in members}


def folded_to(uow: UnitOfWork, members: Sequence[str], world: World, until: Instant) -> dict[str, Facts]:
    """`look` without the tags that come of a comparison with others."""
    return folded_or_asleep(uow, members, world, until, lambda sleeper: False)


def folded_or_asleep(
    uow: UnitOfWork, members: Sequence[str], world: World, until: Instant, does: Callable[[Facts], bool]
) -> dict[str, Facts]:
    """`folded_to`, but of whom nothing can have changed until then the facts are given as they are, if that `does`."""
    folded = uow.rollups.get(members)
    begun = {member: _begin(member, folded.get(member), world, NOTHING) for member in members}
    targets = {member: _target(folded.get(member), until) for member in members}
    behind = {
        member: brought
        for member, brought in begun.items()
        if _is_behind(brought, world, targets[member])
        and not (brought.wakes_at > targets[member] and does(brought.facts))
    }
    fold_all(uow, behind, targets, world)
    return {member: brought.facts for member, brought in begun.items()}


def _is_behind(brought: Brought, world: World, target: Instant) -> bool:
    turn = world.turn_after(brought.facts.turn)
    return brought.anew or brought.facts.seen_to < target or (turn is not None and turn.active_from <= target)


def _begin(member: str, row: RollupRow | None, world: World, earliest: Mapping[str, Instant]) -> Brought:
    """A member whose last activation was rolled back is folded from the start, like one with a late event."""
    late = row is not None and earliest.get(member, row.folded_to + 1) <= row.folded_to
    if row is None or row.dirty_from is not None or late or not row.facts:
        return Brought(Facts(member), {}, anew=True, unknown=row is None)
    facts = Facts.from_record(orjson.loads(row.facts))
    if facts.turn is not None and not world.knows(facts.turn):
        return Brought(Facts(member), {}, anew=True)
    # Something new in the log wakes him.
    return Brought(facts, dict(facts.tags), wakes_at=0 if member in earliest else row.wakes_at)


def _target(row: RollupRow | None, until: Instant) -> Instant:
    """A member who was folded further keeps his place; a late event does not turn his clock back."""
    return until if row is None else max(until, row.folded_to)


def fold_all(uow: UnitOfWork, begun: Mapping[str, Brought], targets: Mapping[str, Instant], world: World) -> None:
    """Fold each member to his own target."""
    heard = {member: brought for member, brought in begun.items() if brought.wakes_at <= targets[member]}
    spans = {member: (_after(brought), targets[member]) for member, brought in heard.items()}
    left = set(begun)
    for member, entries in entries_of(uow, spans):
        left.discard(member)
        _fold_one(begun[member], entries, world, targets[member])
    for member in left:
        _fold_one(begun[member], (), world, targets[member])


def _after(brought: Brought) -> Instant:
    return BEFORE_ALL if brought.anew else brought.facts.seen_to


def _fold_one(brought: Brought, entries: Iterable[Entry], world: World, until: Instant) -> None:
    fold(brought.facts, entries, world, until, brought.journal)
    settle(brought.facts, world, until, brought.journal)


def store(uow: UnitOfWork, begun: Mapping[str, Brought], world: World, now: Instant) -> None:
    """Write the folded members down, with what changed."""
    told = heard_next(uow, {member: brought.facts.seen_to for member, brought in begun.items()})
    rows = [rollup_of(brought.facts, world) for brought in begun.values()]
    uow.rollups.save(row._replace(wakes_at=min(row.wakes_at, told.get(row.member, NEVER))) for row in rows)
    uow.members.save_folded([_member(brought.facts, world) for brought in begun.values()])
    tag_rows.project(uow, [(brought.facts, brought.before) for brought in begun.values()])
    tag_rows.write_history(uow, begun, now)
    samples.write(uow, begun, world, now)


def rollup_of(facts: Facts, world: World) -> RollupRow:
    """The same facts are the same bytes, whatever was asked of them on the way."""
    facts.speech.weigh(world.version(facts.seen_to).rules.activity)
    record = orjson.dumps(facts.as_record(), option=orjson.OPT_NON_STR_KEYS)
    return RollupRow(facts.member, facts.seen_to, None, record, 0, look_again_at(facts, world))


def _member(facts: Facts, world: World) -> MemberRow:
    points = _score(facts, world) if facts.joined_at is not None else None
    return MemberRow(
        member=facts.member,
        name=facts.name,
        joined_at=facts.joined_at,
        inferred=facts.inferred,
        stage=facts.stage,
        score=points,
        last_interaction=facts.last_interaction,
        exempt=facts.exempt,
        is_friend=facts.friend,
    )


def _score(facts: Facts, world: World) -> float | None:
    """As the daily evaluation left it, where that was at `seen_to` and by the same rules."""
    fresh = facts.assessed_at == facts.seen_to and not facts.stirred
    if fresh and facts.assessed_by == world.version(facts.seen_to).number:
        return facts.layer_score
    return score(facts, world, facts.seen_to)
