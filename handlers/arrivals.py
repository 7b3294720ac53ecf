"""The bot's own comings and goings: entering groups, being connected or not, being throttled."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.core.events import Event
from bot.core.instants import Instant
from bot.log import get_logger
from bot.ports import ConnectionHeard, GroupEntered, GroupsHeard, JoinHeard, MessageHeard, RosterHeard, ThrottleHeard
from bot.services import accounts, deafness, delivery, intake, onboarding, people, relinking
from bot.services.intake import Arrival, Prepared
from bot.services.outreach import Speaking
from handlers import overlaps, sweeping
from handlers.echoes import IN_A_ROW
from handlers.following import follow
from handlers.house import House
from storage.rows import GroupRow, Sighting
from storage.unit_of_work import UnitOfWork

ACCOUNT = "account"
_log = get_logger(__name__)


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
    account = house.status.account or uow.deployment.get(ACCOUNT)
    known = uow.groups.get(heard.group)
    if house.siblings.several or (known is not None and not known.present):
        _record_deaf(uow, house, deafness.by_group(uow, house.owner, account, heard.at, frozenset([heard.group])))
    entered = known.entered_at if known is not None and known.entered_at is not None else heard.at
    speaker = known.account if known is not None and known.account in house.siblings.ours else account
    uow.groups.save([GroupRow(heard.group, heard.group_name, entered, speaker, True)])
    overlaps.enter(uow, house, [heard.group], heard.at)
    note_people(uow, heard)
    onboarding.post_notice(uow, house, heard.group, heard.at)


def note_people(uow: UnitOfWork, heard: GroupEntered | RosterHeard) -> None:
    """Who is in a group, by which name; nothing of who asked to be forgotten."""
    barred = people.barred(uow, {person.id for person in heard.people})
    there = [person for person in heard.people if person.id not in barred]
    uow.members.introduce({person.id: person.name for person in there})
    relinking.note_contacts(uow, there)
    uow.groups.seen([Sighting(heard.group, person.id, heard.at, True, person.name) for person in there])


def find_groups(uow: UnitOfWork, house: House, heard: GroupsHeard) -> None:
    """Groups that the account was in and is not any more. An empty list is not believed."""
    account = house.status.account
    if account is None or not heard.groups:
        return
    before = {seat.group_id for seat in uow.accounts.seats() if seat.account == account and seat.until is None}
    leave_groups(uow, house, before - set(heard.groups), heard.at)


def leave_groups(uow: UnitOfWork, house: House, groups: Iterable[str], at: Instant) -> None:
    """The account sits there no more; whoever else does goes on."""
    left = set(groups)
    if house.status.account is not None and left:
        accounts.stand_up(uow, house.status.account, left, at)
        house.siblings.forget()


def connection(uow: UnitOfWork, house: House, heard: ConnectionHeard) -> None:
    """Coming up after a gap writes down that the bot was deaf; going down marks where the gap begins."""
    listened = house.status.connected
    house.status.connection(heard)
    _log.info("connection", state=heard.state, reason=heard.reason)
    if heard.account is not None:
        uow.deployment.put(ACCOUNT, heard.account)
    if heard.state == "up":
        note_gap(uow, house, heard.at)
        _log_in(uow, house, heard)
    elif house.status.account is not None:
        accounts.note_lost(uow, house.status.account, heard.at, heard.reason)
    if heard.state == "up" or listened:
        uow.deployment.put(deafness.ALIVE, str(heard.at))


def _log_in(uow: UnitOfWork, house: House, heard: ConnectionHeard) -> None:
    """The account is there; what it was sending when its process died is settled now that it is known who it is."""
    if heard.account is None:
        return
    accounts.log_in(uow, heard.account, heard.name, house.owner, heard.at)
    uow.outbox.recover(house.now(), heard.account, claimed_before=house.began)
    house.siblings.forget()
    follow(uow, house)


def note_gap(uow: UnitOfWork, house: House, at: Instant) -> None:
    """Write down where nobody has listened for longer than a restart takes, until `at`."""
    house.siblings.look(uow, house.status.account, at)
    if house.siblings.several:
        _record_deaf(uow, house, deafness.by_group(uow, house.owner, None, at))
    else:
        _record_deaf(uow, house, deafness.everywhere(uow, at))


def note_silence(uow: UnitOfWork, house: House) -> None:
    """Before people are judged by their silence: where nobody is listening now, theirs does not count."""
    now, status = house.now(), house.status
    if status.lost and not house.siblings.several:
        _record_deaf(uow, house, deafness.everywhere(uow, now))
        uow.deployment.put(deafness.ALIVE, str(now))
    else:
        hearing = None if status.lost else status.account
        _record_deaf(uow, house, deafness.by_group(uow, house.owner, hearing, now))


def _record_deaf(uow: UnitOfWork, house: House, gaps: Sequence[Event]) -> None:
    if not gaps:
        return
    intake.record(uow, [Prepared(gap) for gap in gaps], house.context, Arrival(house.now()))
    uow.rollups.mark_all_late(min(gap.at for gap in gaps))
    house.refresh()


def throttled(uow: UnitOfWork, house: House, heard: ThrottleHeard) -> None:
    """The platform said: too much. All sending stops for a while; where there are several accounts, this one's."""
    account = house.status.account if house.siblings.several else None
    delivery.throttle(uow, heard.at, house.rules(uow).outreach, account)


def not_echoed(uow: UnitOfWork, house: House, at: Instant) -> None:
    """Messages are taken and never appear: the platform refuses without a word, and sending stops all the same."""
    account = house.status.account if house.siblings.several else None
    sign = house.messages.text("notice.not_echoed", count=IN_A_ROW)
    delivery.throttle(uow, at, house.rules(uow).outreach, account, sign)
