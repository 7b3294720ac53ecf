"""The bot's own comings and goings: entering groups, being connected or not, being throttled."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.instants import MINUTE, Instant
from bot.ports import ConnectionHeard, GroupEntered, JoinHeard, MessageHeard, RosterHeard, ThrottleHeard
from bot.services import delivery, intake, onboarding, people, relinking
from bot.services.intake import Arrival, Prepared
from bot.services.outreach import Speaking
from bot.services.relinking import Shown
from handlers import sweeping
from handlers.house import House
from storage.rows import GroupRow, Sighting
from storage.unit_of_work import UnitOfWork

ALIVE = "alive_at"
"""Deployment key: the last instant at which the bot was listening."""
ACCOUNT = "account"
DEAF_FROM = 2 * MINUTE
"""A shorter gap is a restart, not deafness: nobody's silence is measured in minutes."""


def speaking(uow: UnitOfWork, house: House, as_of: Instant) -> Speaking:
    """What outreach needs to know to plan messages at `as_of`."""
    now = house.now()
    return sweeping.speaking(uow, house, house.world(uow, now), as_of, now)


def note_group(uow: UnitOfWork, heard: MessageHeard | JoinHeard | RosterHeard) -> None:
    """Keep a group's name when it is new or has changed."""
    if heard.group is None:
        return
    known = uow.groups.get(heard.group)
    if known is None or (heard.group_name and known.name != heard.group_name):
        row = known or GroupRow(heard.group, entered_at=heard.at)
        uow.groups.save([row._replace(name=heard.group_name or row.name, present=True)])


def enter_group(uow: UnitOfWork, house: House, heard: GroupEntered) -> None:
    """Who is already there is seen, not welcomed; the privacy notice is posted once to each group."""
    account = uow.deployment.get(ACCOUNT)
    known = uow.groups.get(heard.group)
    entered = known.entered_at if known is not None and known.entered_at is not None else heard.at
    uow.groups.save([GroupRow(heard.group, heard.group_name, entered, account, True)])
    note_people(uow, heard)
    onboarding.post_notice(uow, house, heard.group, heard.at)


def note_people(uow: UnitOfWork, heard: GroupEntered | RosterHeard) -> None:
    """Who is in a group, by which name; nothing of who asked to be forgotten."""
    barred = people.barred(uow, {person.id for person in heard.people})
    there = [person for person in heard.people if person.id not in barred]
    uow.members.introduce({person.id: person.name for person in there})
    relinking.note_contacts(uow, [Shown(one.id, one.name, one.alias, one.avatar, one.friend) for one in there])
    uow.groups.seen([Sighting(heard.group, person.id, heard.at, True, person.name) for person in there])


def connection(uow: UnitOfWork, house: House, heard: ConnectionHeard) -> None:
    """Coming up after a gap writes down that the bot was deaf; going down marks where the gap begins."""
    house.status.connection(heard)
    if heard.account is not None:
        uow.deployment.put(ACCOUNT, heard.account)
    if heard.state == "up":
        note_gap(uow, house, heard.at)
    uow.deployment.put(ALIVE, str(heard.at))


def note_gap(uow: UnitOfWork, house: House, at: Instant) -> None:
    """A `deaf` event from the last sign of life until now, when that is more than a restart takes.

    Its own time is where the gap begins, so that evaluations inside the gap, caught up afterwards, know of it.
    """
    alive = uow.deployment.get(ALIVE)
    if alive is None or at - int(alive) < DEAF_FROM:
        return
    span = {"from": int(alive), "to": at}
    gap = Event("deaf", f"deaf:{alive}:{at}", int(alive), None, None, span)
    intake.record(uow, [Prepared(gap)], house.context, Arrival(house.now()))
    uow.rollups.mark_all_late(int(alive))
    house.refresh()


def throttled(uow: UnitOfWork, house: House, heard: ThrottleHeard) -> None:
    """The platform said: too much. All sending stops for a while."""
    delivery.throttle(uow, heard.at, house.rules(uow).outreach)
