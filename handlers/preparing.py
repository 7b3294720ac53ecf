"""From an event to what the intake takes: texts and traces are read here, before any transaction is open."""

from __future__ import annotations

from bot.core.adverts import AdRules
from bot.core.events import Event
from bot.core.roles_of_speech import role_of
from bot.ports import Reader, Traces
from bot.services.intake import Prepared
from handlers.introductions import Introductions


def prepare(
    event: Event,
    reader: Reader,
    traces: Traces,
    introductions: Introductions | None = None,
    ads: AdRules | None = None,
) -> Prepared:
    """Read a message's text, or what a click or a position tells; other events pass as they are.

    `ads`: the advert rules at the event's time.
    """
    if event.type != "message":
        bare, drawn = traces.draw(event)
        return Prepared(bare, drawn=drawn)
    text, body = event.text or "", event.body
    parts = reader.read(text, body.get("kind", "text"), body.get("mentions", ()), "reply_to" in body, ads)
    if parts.topic is not None and "topic" not in body:
        body |= {"topic": parts.topic, "topic_by": parts.topic_by}
    role = role_of(text)
    drawn = introductions.draw(event) if introductions is not None and not role else ()
    return Prepared(event, parts, role, drawn, reader.reading)
