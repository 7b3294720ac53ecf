"""Pins as facts: a person's word on a tag, checked as strictly as any other event."""

from __future__ import annotations

from typing import Any

from bot.core import event_fields as fields
from bot.core.event_fields import EventRefused
from bot.core.events import Event
from bot.core.instants import Instant
from bot.errors import BadInput


def pin(
    cause: Event,
    member: str,
    by: str,
    path: str,
    value: str,
    weight: float = 1.0,
    until: Instant | None = None,
    protected: str | None = None,
) -> Event:
    """打标 as an event that follows from the message `cause`. Raises BadInput naming the field.

    protected: the category of sensitive personal information that it is about.
    """
    try:
        body: dict[str, Any] = {"path": fields.tag_path("路径", path), "value": fields.name("值", value), "by": by}
        body["weight"] = fields.weight("权重", weight)
    except EventRefused as reason:
        raise BadInput(str(reason)) from None
    if until is not None:
        body["expires"] = until
    if protected is not None:
        body["protected"] = protected
    return Event("pin", f"{cause.id}#pin", cause.at, member, cause.group, body)


def unpin(cause: Event, member: str, by: str, path: str, value: str | None = None) -> Event:
    """去标; without a value every value under the path goes. Raises BadInput naming the field."""
    try:
        body = {"path": fields.tag_path("路径", path), "by": by}
        if value is not None:
            body["value"] = fields.name("值", value)
    except EventRefused as reason:
        raise BadInput(str(reason)) from None
    return Event("unpin", f"{cause.id}#unpin", cause.at, member, cause.group, body)
