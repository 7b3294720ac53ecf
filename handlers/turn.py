"""One turn of the bot: what was heard becomes facts, facts become tags and plans, who spoke to the bot gets an answer.

All of it is one unit of work: either the message is in the log with everything that follows from it, or not at all.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.core.events import Event
from bot.core.instants import Instant
from bot.ports import (
    ConnectionHeard,
    FriendHeard,
    GroupEntered,
    GroupLeft,
    GroupsHeard,
    Heard,
    JoinHeard,
    LeaveHeard,
    MessageHeard,
    RosterHeard,
    ThrottleHeard,
    WithdrawHeard,
)
from bot.services import intake, learning, onboarding, outreach, roles, tagging
from bot.services.intake import Arrival, Prepared
from handlers import arrivals, commands, overlaps, rosters, translation
from handlers.following import follow
from handlers.house import House
from handlers.overlaps import Said
from handlers.preparing import prepare
from storage.unit_of_work import UnitOfWork


@dataclass(slots=True)
class Turn:
    """What a batch is taken with. `last`: the latest instant given to each member's messages."""

    house: House
    last: dict[str, Instant] = field(default_factory=dict)

    def prepare(self, batch: Sequence[Heard]) -> Sequence[Said | Heard]:
        """Read texts before any transaction is open."""
        self.house.reader.foresee([heard.text for heard in batch if isinstance(heard, MessageHeard)])
        return [self._said(heard) if isinstance(heard, MessageHeard) else heard for heard in batch]

    def _said(self, heard: MessageHeard) -> Said:
        event = translation.in_sequence([translation.message(heard, heard.at)], self.last)[0]
        return self._read(heard, event.at)

    def _read(self, heard: MessageHeard, at: Instant) -> Said:
        house, event = self.house, translation.message(heard, at)
        prepared = prepare(event, house.reader, house.traces, house.introductions, house.ads(event.at))
        place = translation.location(heard, event)
        if place is None:
            return Said(heard, prepared)
        bare, drawn = house.traces.draw(place)
        return Said(heard, replace(prepared, drawn=(*prepared.drawn, bare, *drawn)))

    def read_again(self, batch: Sequence[Said | Heard]) -> Sequence[Said | Heard]:
        """Read texts anew, because the dictionary or the model has changed since."""
        return [self._read(item.heard, item.prepared.event.at) if isinstance(item, Said) else item for item in batch]


def take_batch(uow: UnitOfWork, turn: Turn, batch: Sequence[Said | Heard]) -> None:
    """Take a batch that is either messages or one thing of another kind."""
    house = turn.house
    if follow(uow, house) | house.follow_rules(uow):
        batch = turn.read_again(batch)
    said = [item for item in batch if isinstance(item, Said)]
    batch = overlaps.once(uow, house, batch)
    if said:
        _take_messages(uow, house, [item for item in batch if isinstance(item, Said)])
        house.status.took([item.heard.at for item in said], house.now())
    for item in batch:
        if not isinstance(item, Said):
            _take_other(uow, house, item)
    house.untidy |= uow.forgotten.touched
    house.faults.at("ingest.unkept")


def _take_messages(uow: UnitOfWork, house: House, said: Sequence[Said]) -> None:
    """Plain talk in stretches; what may be an answer or a command by itself, since it changes what follows."""
    speakers = {item.heard.sender.id for item in said}
    talking = onboarding.talking(uow, speakers)

    def special(item: Said) -> bool:
        return item.heard.group is None or bool(item.prepared.role) or item.heard.sender.id in talking

    for alone, items in groupby(said, key=special):
        stretch = list(items)
        for part in [[item] for item in stretch] if alone else [stretch]:
            _take_stretch(uow, house, part, talking)
            if alone:
                talking = onboarding.talking(uow, speakers)


def _take_stretch(uow: UnitOfWork, house: House, said: Sequence[Said], talking: set[str]) -> None:
    for heard in {item.heard.group: item.heard for item in said}.values():
        arrivals.note_group(uow, heard)
    unseen = [Prepared(event) for event in rosters.first_words(uow, house, [item.heard for item in said])]
    answering = {item.heard.id: _recognised(uow, house, item, talking) for item in said}
    batch = [answering[item.heard.id] for item in said]
    recorded = _record(uow, house, _new_friends(uow, house, said) + unseen + batch)
    # Of somebody who asked to be forgotten no word is kept, yet he may ask and consent anew.
    new = {prepared.event.id for prepared in recorded.new}.union(recorded.blocked)
    for item in said:
        if item.heard.id in new:
            facts = commands.answer(uow, house, item.heard, answering[item.heard.id])
            if facts:
                _record(uow, house, [Prepared(fact) for fact in facts])


def _recognised(uow: UnitOfWork, house: House, item: Said, talking: set[str]) -> Prepared:
    return commands.recognise(uow, house, item.heard, item.prepared, talking=item.heard.sender.id in talking)


def _new_friends(uow: UnitOfWork, house: House, said: Sequence[Said]) -> list[Prepared]:
    """Who writes directly has a direct chat, also when nobody told of the friendship: it may be older than the bot."""
    writing = {item.heard.sender.id: item for item in said if item.heard.group is None}
    known = uow.members.get_many(writing)
    new = [member for member in writing if member not in known or not known[member].is_friend]
    # With several accounts it counts to which of them somebody wrote last.
    if heard := (writing if house.siblings.several else new):
        overlaps.note_friends(uow, house, heard, max(writing[member].heard.at for member in heard))
    return [
        Prepared(translation.friendship(FriendHeard(writing[member].prepared.event.at, writing[member].heard.sender)))
        for member in new
    ]


def record(uow: UnitOfWork, house: House, batch: Sequence[Prepared]) -> intake.Recorded:
    """Write facts down from elsewhere than the chat; what is read next is read with today's dictionary."""
    follow(uow, house)
    recorded = _record(uow, house, batch)
    house.untidy |= uow.forgotten.touched
    return recorded


def _record(uow: UnitOfWork, house: House, batch: Sequence[Prepared]) -> intake.Recorded:
    """Write facts down, bring the members they are about, plan what follows."""
    now = house.now()
    recorded = intake.record(uow, batch, house.context, Arrival(now))
    if not recorded.new:
        return recorded
    house.faults.at("ingest.recorded")
    events = [prepared.event for prepared in recorded.new]
    if any(event.type == "label" for event in events):
        learning.learn(uow, house.reader, now)
    for event in events:
        roles.apply(uow, event)
        if event.type == "deaf":
            uow.rollups.mark_all_late(event.body["from"])
            house.refresh()
    _bring(uow, house, events, recorded)
    return recorded


def _bring(uow: UnitOfWork, house: House, events: Sequence[Event], recorded: intake.Recorded) -> None:
    members = sorted(recorded.earliest)
    if not members:
        return
    now = house.now()
    until = max(event.at for event in events)
    world = house.world(uow, max(now, until))
    plans = tagging.bring(uow, members, world, until, now, recorded.earliest, recorded.latest)
    if plans:
        outreach.plan(uow, plans, arrivals.speaking(uow, house, now))
        onboarding.begin_for(uow, house, plans)


def _take_other(uow: UnitOfWork, house: House, heard: Heard) -> None:
    match overlaps.news(uow, house, heard):
        case JoinHeard() as heard:
            arrivals.note_group(uow, heard)
            _record(uow, house, [Prepared(event) for event in rosters.newly_told(uow, heard)])
        case LeaveHeard() as heard:
            _record(uow, house, [Prepared(event) for event in rosters.newly_left(uow, heard)])
        case WithdrawHeard() as heard:
            _record(uow, house, [Prepared(translation.withdrawal(heard))])
        case FriendHeard() as heard:
            _befriend(uow, house, heard)
        case RosterHeard() as heard:
            arrivals.note_group(uow, heard)
            _record(uow, house, [Prepared(event) for event in rosters.missed(uow, house, heard)])
            arrivals.note_people(uow, heard)
        case ThrottleHeard() as heard:
            arrivals.throttled(uow, house, heard)
        case own:
            _take_own(uow, house, own)


def _take_own(uow: UnitOfWork, house: House, heard: Heard | None) -> None:
    """The account's own comings and goings."""
    match heard:
        case GroupEntered():
            missed = rosters.missed(uow, house, heard) if heard.at_login else []
            _record(uow, house, [Prepared(event) for event in missed])
            arrivals.enter_group(uow, house, heard)
        case GroupLeft():
            arrivals.leave_groups(uow, house, [heard.group], heard.at)
        case GroupsHeard():
            arrivals.find_groups(uow, house, heard)
        case ConnectionHeard():
            arrivals.connection(uow, house, heard)


def _befriend(uow: UnitOfWork, house: House, heard: FriendHeard) -> None:
    if heard.is_friend:
        overlaps.note_friends(uow, house, [heard.person.id], heard.at)
    _record(uow, house, [Prepared(translation.friendship(heard))])
