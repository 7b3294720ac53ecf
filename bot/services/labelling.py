"""Topics that people gave to a message or to a link (RULEBOOK §4): they win over the model, whenever they were said.

A label is an event of the message's author; one of a link has no member. The item counts for the labelled topic from
its own time on, so that the log gives the same tags in whatever order it came.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import orjson

from bot.core.content import BY_PERSON
from bot.core.events import Event
from bot.core.instants import Instant
from bot.errors import Refused
from storage.rows import EventRow
from storage.unit_of_work import UnitOfWork

LINK_HEADS = ("http://", "https://")
Body = Mapping[str, Any]


def relabelled(body: Body, topic: str | None) -> dict[str, Any]:
    """The body of an item with what somebody said it is about; None: nobody did."""
    return dict(body) if topic is None else {**body, "topic": topic, "topic_by": BY_PERSON}


class Labels(NamedTuple):
    """Topic by message id, and by link."""

    messages: Mapping[str, str]
    links: Mapping[str, str]

    def of(self, id_: str, type_: str, body: Body) -> str | None:
        """The topic that somebody gave to a message or a click."""
        if type_ == "message":
            return self.messages.get(id_)
        return self.links.get(body.get("link", "")) if type_ == "click" else None


def labels(uow: UnitOfWork) -> Labels:
    """All that stand: of two for the same item the later one."""
    return Labels(*uow.labels.topics())


def label(uow: UnitOfWork, cause: Event, by: str, item: str, topic: str) -> Event:
    """The event by which `by` says what a message (its id) or a link is about. Raises Refused for neither."""
    said = uow.events.get(item)
    head = ("label", f"{cause.id}#label", cause.at)
    if said is not None and said.type == "message":
        return Event(*head, said.member, said.group_id, {"message": item, "topic": topic, "by": by})
    if item.startswith(LINK_HEADS) or _clicks(uow, item):
        return Event(*head, None, None, {"link": item, "topic": topic, "by": by})
    raise Refused("没有这条消息，也没有人点过这个链接")


def note(uow: UnitOfWork, events: Sequence[Event]) -> None:
    """Whoever was folded past an item that has got a label is folded again."""
    for event in events:
        if event.type == "label":
            uow.rollups.mark_late(_touched(uow, event.body))


def _touched(uow: UnitOfWork, body: Mapping[str, Any]) -> dict[str, Instant]:
    """The first instant that changes, by member."""
    said = uow.events.get(body["message"]) if "message" in body else None
    rows = _clicks(uow, body["link"]) if "link" in body else [said] if said is not None else []
    touched: dict[str, Instant] = {}
    for row in rows:
        if row.member is not None:
            touched[row.member] = min(row.at, touched.get(row.member, row.at))
    return touched


def _clicks(uow: UnitOfWork, link: str) -> list[EventRow]:
    named = (row for row in uow.events.naming(link) if row.type == "click")
    return [row for row in named if orjson.loads(row.body).get("link") == link]
