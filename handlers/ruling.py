"""Rules on trial, and everybody brought across a change of rules, in short transactions.

What was said since the change is judged again first.
"""

from __future__ import annotations

from collections.abc import Callable

from bot.core.instants import Instant
from bot.core.ruleset import RuleSet
from bot.core.world import World
from bot.services import lateness, outreach, rulesets, sweeps, tagging, views
from bot.services.rehearsal import Rehearsal, coming
from handlers.afterwards import judge_again
from handlers.comparing import compare_again
from handlers.house import House
from handlers.sweeping import Pages, speaking
from storage.unit_of_work import UnitOfWork

PAGE = 500


def rehearse(house: House, rules: RuleSet, done: Callable[[int], None]) -> Rehearsal:
    """Try rules on everybody at the instant lists show, page by page; nothing is stored."""
    database, now = house.database, house.now()
    at = database.read(lambda uow: views.instant_of(uow, now))
    world = database.read(lambda uow: rulesets.world(uow, house.zone, house.read_rules, at))
    then = coming(world, rules, at)
    trial = Rehearsal(world, then, at, database.read(lambda uow: speaking(uow, house, then, at, now)))
    after, behind = None, 0
    while members := database.read(lambda uow, after=after: sweeps.page(uow, after, PAGE)):  # type: ignore[misc]
        database.read(lambda uow, page=members: trial.try_page(uow, page))  # type: ignore[misc]
        after, behind = members[-1], behind + len(members)
        done(behind)
    database.read(trial.compare)
    return trial


def settle(house: House, done: Callable[[int], None] = lambda behind: None) -> None:
    """Bring everybody across a change of rules that was written down; cut off, it begins again."""
    until = house.database.read(rulesets.pending)
    if until is None:
        return
    judge_again(house)
    now = house.now()
    world = house.database.read(lambda uow: rulesets.world(uow, house.zone, house.read_rules, until))
    while house.database.write_sync(lambda uow: lateness.fold_again(uow, world, now)):
        pass
    Pages(house, until).each(lambda uow, members: _bring(uow, house, members, world, until, now), done)
    compare_again(house, now)
    house.database.write_sync(rulesets.settled)


def _bring(uow: UnitOfWork, house: House, members: list[str], world: World, until: Instant, now: Instant) -> None:
    plans = tagging.bring(uow, members, world, until, now)
    if plans:
        outreach.plan(uow, plans, speaking(uow, house, world, until, now))
