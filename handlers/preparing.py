"""From an event to what the intake takes: the text is read here, before any transaction is open."""

from __future__ import annotations

from bot.core.events import Event
from bot.core.roles_of_speech import role_of
from bot.ports import Reader
from bot.services.intake import Prepared

INTRODUCTION = "introduction"


def prepare(event: Event, reader: Reader, role: str | None = None) -> Prepared:
    """Read a message's text; other events pass as they are. `role` given: already known to be an answer or a command."""
    if event.type != "message":
        return Prepared(event)
    text, body = event.text or "", event.body
    parts = reader.read(text, body.get("kind", "text"), body.get("mentions", ()), "reply_to" in body)
    if parts.topic is not None and "topic" not in body:
        body["topic"] = parts.topic
    spoken_as = role_of(text) if role is None else role
    drawn = () if spoken_as else tuple(_introductions(event, parts.intro))
    return Prepared(event, parts, spoken_as, drawn)


def _introductions(event: Event, intro: dict[str, str]) -> list[Event]:
    """A self-introduction is a fact of its own, so that withdrawing the consent can erase it alone."""
    where = (event.at, event.member, event.group)
    return [
        Event(INTRODUCTION, f"{event.id}#{question}", *where, {"question": question, "value": value})
        for question, value in intro.items()
    ]
