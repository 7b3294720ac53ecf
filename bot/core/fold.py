"""The fold: a member's facts driven through events and daily evaluations, in event time.

The result is a function of the set of events up to `until`, however they arrived and however the fold was cut into
pieces. Between events the member is evaluated every day at the evaluation hour, each day in turn; an event at the very
instant of an evaluation belongs before it. What falls due (a tag's end, a reminder, a review) does so at its instant.
"""

from __future__ import annotations

from collections.abc import Iterable

from bot.core import backup
from bot.core.absorb import absorb, is_interaction
from bot.core.due import fall_due, next_due
from bot.core.entry import Entry
from bot.core.facts import Facts
from bot.core.holding import evaluate_daily, evaluate_for
from bot.core.influence import review
from bot.core.instants import Instant, last_daily, next_daily
from bot.core.journal import Journal
from bot.core.lifecycle import DECLINING, LOST
from bot.core.moves import advance_stage, place_newcomer, plan_gift
from bot.core.samples import ENDING, end_samples, take_sample
from bot.core.sleep import wakes_at
from bot.core.turning import turn_to
from bot.core.verdicts import take_hit
from bot.core.world import World

STAGE_TRIGGERS = frozenset({"order", "refund"})


def fold(facts: Facts, entries: Iterable[Entry], world: World, until: Instant, journal: Journal) -> None:
    """Bring `facts` to `until`; entries are those after `facts.seen_to`, in `Entry.order`, none later than `until`."""
    for entry in entries:
        _pass_time(facts, world, entry.at, journal, inclusive=False)
        _take(facts, entry, world, journal)
    _pass_time(facts, world, until, journal, inclusive=True)
    facts.seen_to = max(facts.seen_to, until)


def _pass_time(facts: Facts, world: World, to: Instant, journal: Journal, inclusive: bool) -> None:
    """Run what falls due and the daily evaluations up to `to`; the evaluation at `to` itself only if `inclusive`."""
    if facts.evaluated_to is None:
        return
    end = to + 1 if inclusive else to
    while (turn := world.turn_after(facts.turn)) is not None and turn.active_from < end:
        _pass_days(facts, world, turn.active_from + 1, journal)
        _let_fall_due(facts, world, turn.active_from, journal)
        turn_to(facts, world, turn, journal)
    _pass_days(facts, world, end, journal)
    _let_fall_due(facts, world, to, journal)


def _pass_days(facts: Facts, world: World, end: Instant, journal: Journal) -> None:
    """The daily evaluations before `end`, each in turn."""
    _sleep(facts, world, end)
    tick = _next_tick(facts.evaluated_to or 0, world)
    while tick < end:
        _let_fall_due(facts, world, tick, journal)
        _evaluate_day(facts, world.before(tick), tick, journal)
        facts.evaluated_to = tick
        _sleep(facts, world, end)
        tick = _next_tick(facts.evaluated_to, world)


def _sleep(facts: Facts, world: World, end: Instant) -> None:
    """Pass over the evaluations before `end` that can change nothing about a member of whom nothing is heard.

    The last of them is made all the same where reasons tell of it: of orders, or of an index that moves; but not where
    the one at which he wakes comes next, and tells them anew.
    """
    assert facts.evaluated_to is not None, "who is evaluated was met"
    if _next_tick(facts.evaluated_to, world) >= end or (wake := wakes_at(facts, world)) is None:
        return
    hour = world.version(facts.evaluated_to).rules.lifecycle.evaluation_hour
    last = last_daily(min(wake, end), hour, world.zone)
    if (facts.orders or facts.level) and next_daily(last, hour, world.zone) >= end:
        facts.evaluated_to = max(facts.evaluated_to, last_daily(last, hour, world.zone))
    elif last > facts.evaluated_to:
        facts.evaluated_to = facts.assessed_at = last


def _next_tick(after: Instant, world: World) -> Instant:
    return next_daily(after, world.version(after).rules.lifecycle.evaluation_hour, world.zone)


def _let_fall_due(facts: Facts, world: World, to: Instant, journal: Journal) -> None:
    at = next_due(facts, world)
    while at is not None and at <= to:
        fall_due(facts, world.before(at), at, journal)
        end_samples(facts, at, journal)
        at = next_due(facts, world)


def _evaluate_day(facts: Facts, world: World, tick: Instant, journal: Journal) -> None:
    if facts.stage is not None:
        plan_gift(facts, world, tick, journal)
        advance_stage(facts, world, tick, journal, interaction=False)
        evaluate_daily(facts, world, tick, journal)
        take_sample(facts, world, tick, journal)


def _take(facts: Facts, entry: Entry, world: World, journal: Journal) -> None:
    if entry.type == "tie" and facts.joined_at is None:
        return  # others may speak of somebody before he is ever met
    if entry.type == "primary":
        _follow_admin(facts, entry, world, journal)
        return
    unseen, before = facts.joined_at is None, facts.stage
    _start_evaluations(facts, entry, world)
    world = world.before(entry.at)
    absorb(facts, entry, world)
    if entry.verdict:
        take_hit(facts, entry, world, journal)
        evaluate_for(facts, "hit", world, entry.at, journal)
    if unseen and facts.joined_at is not None:
        place_newcomer(facts, entry, world, journal)
    elif before is not None and _moves_at_once(facts, entry):
        advance_stage(facts, world, entry.at, journal, interaction=is_interaction(facts, entry))
    if facts.followers is not None and review(facts, entry.type, world, entry.at):
        evaluate_for(facts, "influence", world, entry.at, journal)
    if entry.type == "refund" and not facts.paid:
        evaluate_for(facts, "no_orders", world, entry.at, journal)
    evaluate_for(facts, entry.type, world, entry.at, journal)
    if entry.type in ENDING:
        end_samples(facts, entry.at, journal)


def _start_evaluations(facts: Facts, entry: Entry, world: World) -> None:
    if facts.evaluated_to is None:
        facts.evaluated_to = entry.at - 1  # so that an evaluation at this very instant still comes
        facts.turn = world.placed(entry.at).turn


def _follow_admin(facts: Facts, entry: Entry, world: World, journal: Journal) -> None:
    """What an admin does tells of his backup only once that is somebody here."""
    if entry.body["did"] == "named":
        _start_evaluations(facts, entry, world)
    world = world.before(entry.at)
    backup.hear(facts, entry, world, journal)
    if facts.evaluated_to is not None:
        evaluate_for(facts, entry.type, world, entry.at, journal)


def _moves_at_once(facts: Facts, entry: Entry) -> bool:
    if entry.type in STAGE_TRIGGERS:
        return True
    return facts.stage in (DECLINING, LOST) and is_interaction(facts, entry)
