"""From what was heard on the platform to events of the log. One function a kind of hearing."""

from __future__ import annotations

from collections.abc import Iterable

from bot.core.event_fields import NAME_LENGTH, TEXT_LENGTH, clean
from bot.core.events import Event
from bot.core.instants import Instant
from bot.ports import FriendHeard, JoinHeard, LeaveHeard, MessageHeard, Person, WithdrawHeard


def named(person: Person) -> dict[str, str]:
    """A name as it may be kept: cut, not refused, since the person behind it is real."""
    name = clean(person.name[:NAME_LENGTH])
    return {"name": name} if name else {}


def message(heard: MessageHeard, at: Instant) -> Event:
    """A spoken message; a monster of a text is cut at the length the log keeps."""
    body: dict[str, object] = dict(named(heard.sender))
    if heard.kind != "text":
        body["kind"] = heard.kind
    if heard.mentions:
        body["mentions"] = list(heard.mentions)
    if heard.reply_to:
        body["reply_to"] = heard.reply_to
    return Event("message", heard.id, at, heard.sender.id, heard.group, body, clean(heard.text[:TEXT_LENGTH]))


def location(heard: MessageHeard, spoken: Event) -> Event | None:
    """The position that a message tells, a fact of its own beside it."""
    if heard.position is None:
        return None
    latitude, longitude = heard.position
    body = {"lat": latitude, "lon": longitude}
    return Event("location", f"{spoken.id}#location", spoken.at, spoken.member, spoken.group, body)


def joins(heard: JoinHeard) -> list[Event]:
    """One join a person; an id that tells a repeat of the same news from a new join."""
    return [_join(heard, person) for person in heard.people]


def _join(heard: JoinHeard, person: Person) -> Event:
    body = named(person)
    if heard.inviter is not None:
        body["inviter"] = heard.inviter.id
    if heard.channel is not None:
        body["channel"] = heard.channel
    return Event("join", f"join:{heard.group}:{person.id}:{heard.at}", heard.at, person.id, heard.group, dict(body))


def leaves(heard: LeaveHeard) -> list[Event]:
    return [
        Event("leave", f"leave:{heard.group}:{person.id}:{heard.at}", heard.at, person.id, heard.group, {})
        for person in heard.people
    ]


def withdrawal(heard: WithdrawHeard) -> Event:
    body = {"message": heard.message}
    return Event("withdraw", f"withdraw:{heard.message}", heard.at, heard.sender.id, heard.group, body)


def friendship(heard: FriendHeard) -> Event:
    id_ = f"friend:{heard.person.id}:{heard.at}"
    return Event("friend", id_, heard.at, heard.person.id, None, {"is_friend": heard.is_friend})


def in_sequence(events: Iterable[Event], last: dict[str, Instant]) -> list[Event]:
    """Messages of one member get distinct instants in the order heard: platforms count in whole seconds."""
    ordered: list[Event] = []
    for event in events:
        member = event.member or ""
        before = last.get(member)
        if before is not None and before - 1_000_000 < event.at <= before:
            event = Event(event.type, event.id, before + 1, event.member, event.group, event.body, event.text)
        last[member] = event.at
        ordered.append(event)
    return ordered
