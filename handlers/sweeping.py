"""A sweep: everybody brought to an instant, page by page, each page a short transaction of its own."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.core.instants import Instant
from bot.core.world import World
from bot.services import campaigns, coupons, intake, outreach, rulesets, sweeps, tagging
from bot.services.intake import Arrival, Prepared
from bot.services.outreach import Speaking
from bot.services.sweeps import Begun, Swept
from handlers.comparing import compare
from handlers.house import House
from storage.unit_of_work import UnitOfWork

FIRST, LEAST, MOST = 20, 5, 500
SHORT, LONG = 0.15, 0.5
"""Seconds: a page is made larger or smaller so that nobody waits long for the database."""


class Pages:
    """Walks through all members, or those who wait to be brought to `as_of`.

    The pages fit themselves to what a member costs.
    """

    def __init__(self, house: House, as_of: Instant | None = None) -> None:
        self._house = house
        self._as_of = as_of
        self._size = FIRST
        self._after: str | None = None

    def each(self, deal: Callable[[UnitOfWork, list[str]], None], done: Callable[[int], None]) -> None:
        """Give each page to `deal` in a unit of its own; `done` hears how many members are behind it."""
        behind = 0
        while members := self._house.database.read(self._next):
            began = time.monotonic()
            self._house.database.write_sync(lambda uow, page=members: deal(uow, page))  # type: ignore[misc]
            self._fit(time.monotonic() - began)
            self._after, behind = members[-1], behind + len(members)
            done(behind)

    def _next(self, uow: UnitOfWork) -> list[str]:
        if self._as_of is None:
            return sweeps.page(uow, self._after, self._size)
        return sweeps.waiting(uow, self._as_of, self._after, self._size)

    def _fit(self, seconds: float) -> None:
        if seconds < SHORT:
            self._size = min(MOST, self._size * 2)
        elif seconds > LONG:
            self._size = max(LEAST, self._size // 2)


@dataclass(slots=True)
class Sweep:
    """What a sweep found, and what it would say."""

    swept: Swept
    planned: list[dict[str, Any]] = field(default_factory=list)


def run_sweep(house: House, as_of: Instant, done: Callable[[int], None]) -> Sweep:
    """Bring everybody to `as_of`. Raises Refused for an earlier instant than the last."""
    database = house.database
    begun: Begun = database.write_sync(lambda uow: sweeps.begin(uow, as_of, house.now()))
    if begun.repeated:
        assert begun.last is not None
        last = begun.last
        return Sweep(database.read(lambda uow: sweeps.again(uow, last)))
    house.faults.at("sweep.begun_kept")
    world = database.read(lambda uow: rulesets.world(uow, house.zone, house.read_rules, as_of))
    Pages(house, as_of).each(
        lambda uow, members: _bring(uow, house, members, world, as_of, begun.now),
        lambda behind: _behind(house, done, behind),
    )
    compare(house, world, as_of, begun.now)
    house.faults.at("sweep.compared")
    campaign(house, world, as_of, begun.now)
    previous = None if begun.last is None else begun.last.as_of
    swept = database.write_sync(lambda uow: sweeps.finish(uow, as_of, previous, begun.now))
    house.faults.at("sweep.finished_kept")
    return Sweep(swept, database.read(lambda uow: planned(uow, begun.now)))


def _bring(uow: UnitOfWork, house: House, members: list[str], world: World, as_of: Instant, now: Instant) -> None:
    plans = sweeps.bring_page(uow, members, world, as_of, now)
    if plans:
        outreach.plan(uow, plans, speaking(uow, house, world, as_of, now))
    house.faults.at("sweep.page_unkept")


def _behind(house: House, done: Callable[[int], None], behind: int) -> None:
    house.faults.at("sweep.page_kept")
    done(behind)


def campaign(house: House, world: World, as_of: Instant, now: Instant) -> None:
    """Codes that ran out are answered, then the standing campaigns are looked at, page by page."""
    house.database.write_sync(lambda uow: _answer(uow, house, world, as_of, now))
    if not house.campaigns.standing:
        return
    last = house.database.read(campaigns.told)

    def deal(uow: UnitOfWork, members: list[str]) -> None:
        plans = campaigns.plans(uow, members, house.campaigns, last, as_of)
        if plans:
            outreach.plan(uow, plans, speaking(uow, house, world, as_of, now))

    Pages(house).each(deal, lambda behind: None)


def _answer(uow: UnitOfWork, house: House, world: World, as_of: Instant, now: Instant) -> None:
    answers = [Prepared(event) for event in coupons.ran_out(uow, as_of)]
    if answers:
        recorded = intake.record(uow, answers, house.context, Arrival(now))
        members = sorted(recorded.earliest)
        tagging.bring(uow, members, world, as_of, now, recorded.earliest, recorded.latest)


def speaking(uow: UnitOfWork, house: House, world: World, as_of: Instant, now: Instant) -> Speaking:
    """What outreach needs to know to plan messages at `as_of`; `now` goes into the records."""
    rules = world.version(as_of).rules
    live_from = uow.events.first_at(include_historical=False)
    pool, attachments = house.campaigns.recall_pool, house.campaigns.attachments
    return Speaking(now, as_of, rules, house.zone, house.messages.text, live_from, pool, attachments)


def planned(uow: UnitOfWork, now: Instant) -> list[dict[str, Any]]:
    """What this sweep queued, also before it was cut off and taken up again: it all bears the sweep's own time."""
    found: list[dict[str, Any]] = []
    after = 0
    while rows := uow.outbox.page(after_id=after):
        after = rows[-1].id
        found += [
            {
                "kind": row.kind,
                "member": row.member,
                "group": row.group_id,
                "text": row.text,
                "dedupe_key": row.dedupe_key,
            }
            for row in rows
            if row.created_at == now and not row.reply and row.status in ("queued", "awaiting")
        ]
    return found
