"""Event lines: the one form in which facts arrive, whichever way they come (CONTRACT "Event lines").

`parse_event` accepts a decoded JSON object and returns an Event, or raises EventRefused with one Chinese reason that
names the field. Fields a type does not know are ignored, so that a producer may add its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.core import event_fields as f
from bot.core.event_fields import EventRefused
from bot.core.instants import BadInstant, Instant, parse_instant

__all__ = ["MESSAGE_KINDS", "Event", "EventRefused", "parse_event", "parse_internal", "rank"]

MESSAGE_KINDS = f.MESSAGE_KINDS
FieldTable = Mapping[str, tuple[bool, Callable[[str, object], Any]]]


@dataclass(frozen=True, slots=True)
class Event:
    """One fact. `body` holds the type's own fields, already checked; `text` only for messages."""

    type: str
    id: str
    at: Instant
    member: str | None
    group: str | None
    body: dict[str, Any]
    text: str | None = None


def _need(check: Callable[[str, object], Any]) -> tuple[bool, Callable[[str, object], Any]]:
    return True, check


def _may(check: Callable[[str, object], Any]) -> tuple[bool, Callable[[str, object], Any]]:
    return False, check


_SEEN = {"topic": _may(f.topic), "form": _may(f.form), "price_yuan": _may(f.yuan), "dwell_s": _may(f.seconds)}

FIELDS: Mapping[str, FieldTable] = {
    "join": {"name": _may(f.name), "inviter": _may(f.ident), "channel": _may(f.channel)},
    "leave": {"name": _may(f.name)},
    "message": {
        "kind": _may(f.message_kind),
        "mentions": _may(f.idents),
        "reply_to": _may(f.ident),
        "name": _may(f.name),
        "topic": _may(f.topic),
        "form": _may(f.form),
    },
    "withdraw": {"message": _need(f.ident)},
    "click": {
        "link": _need(f.short_text),
        "page": _may(f.short_text),
        "depth": _may(f.depth),
        "ip": _may(f.short_text),
        "user_agent": _may(f.long_text),
        **_SEEN,
    },
    "view": {"item": _need(f.short_text), **_SEEN},
    "order": {"order": _need(f.ident), "amount_yuan": _need(f.yuan), "promotion": _may(f.boolean)},
    "refund": {"order": _need(f.ident)},
    "promotion": {"promotion": _need(f.ident), "responded": _need(f.boolean)},
    "checkin": {"lat": _may(f.latitude), "lon": _may(f.longitude)},
    "delivered": {"dedupe_key": _need(f.short_text)},
    "bind": {"system": _need(f.ident), "external_id": _need(f.ident)},
    "tag": {
        "path": _need(f.tag_path),
        "value": _need(f.name),
        "weight": _may(f.weight),
        "system": _need(f.ident),
        "expires": _may(f.instant),
    },
    "friend": {"is_friend": _need(f.boolean)},
    "location": {"lat": _need(f.latitude), "lon": _need(f.longitude)},
    "consent": {"purposes": _need(f.purposes), "granted": _need(f.boolean)},
    "answer": {"question": _need(f.question), "value": _need(f.answer_value)},
    "followers": {"count": _need(f.count)},
    "grant": {"role": _need(f.role), "months": _may(f.months), "backup": _may(f.backup), "by": _may(f.ident)},
    "revoke": {"role": _need(f.role), "by": _may(f.ident)},
    "deaf": {"from": _need(f.instant), "to": _need(f.instant)},
}

PROTECTED_TAG = "protected_tag"
"""A `tag` about sensitive personal information: an own type, because it counts only under its own consent."""
INTERNAL: Mapping[str, FieldTable] = {
    PROTECTED_TAG: {**FIELDS["tag"], "protected": _need(f.name)},
    "pin": {
        "path": _need(f.tag_path),
        "value": _need(f.name),
        "weight": _may(f.weight),
        "expires": _may(f.instant),
        "by": _need(f.ident),
        "protected": _may(f.name),
    },
    "unpin": {"path": _need(f.tag_path), "value": _may(f.name), "by": _need(f.ident)},
    "clear": {"by": _need(f.ident)},
    "remove": {"by": _need(f.ident)},
    "appeal": {},
    "merge": {"old": _need(f.ident), "since": _need(f.instant), "by": _need(f.ident)},
    "split": {"by": _need(f.ident)},
    "exempt": {"exempt": _need(f.boolean), "by": _need(f.ident)},
    "device": {"phone": _may(f.name), "system": _may(f.name), "network": _may(f.name)},
    "in_province": {"place": _need(f.name), "zone": _need(f.name)},
    "in_city": {"place": _need(f.name), "by": _need(f.name)},
    "in_fence": {"fences": _need(f.names)},
    "word": {"word": _need(f.name)},
    "label": {"message": _may(f.ident), "link": _may(f.short_text), "topic": _need(f.topic), "by": _need(f.ident)},
}
"""Facts only the running bot writes (pins, 解除, 移出, 申诉, 免打扰, 合并, 拆分, what it draws from traces
and messages), no file."""

_RANK = {"deaf": 0, "join": 1, "consent": 2, "bind": 2, "withdraw": 4, "refund": 4, "delivered": 4}


def rank(type_: str) -> int:
    """Order among events of one instant: a join before speech, a consent before what needs it, an undoing after."""
    return _RANK.get(type_, 3)


def parse_event(record: object) -> Event:
    """Read one event line that came from outside. Raises EventRefused."""
    return _parse(record, FIELDS)


def parse_internal(record: object) -> Event:
    """Read one event that the bot itself writes. Raises EventRefused."""
    return _parse(record, {**FIELDS, **INTERNAL})


def _parse(record: object, types: Mapping[str, FieldTable]) -> Event:
    if not isinstance(record, dict):
        raise EventRefused("这一行不是 JSON 对象")
    type_ = record.get("type")
    table = types.get(type_) if isinstance(type_, str) else None
    if table is None or not isinstance(type_, str):
        raise EventRefused(f"未知的事件类型 type={f.shown(type_)}")
    event = Event(
        type_,
        f.ident("id", _required(record, "id")),
        _time(record),
        None if type_ == "deaf" else f.ident("member", _required(record, "member")),
        None if record.get("group") is None else f.ident("group", record["group"]),
        _body(record, table),
        f.text("text", _required(record, "text")) if type_ == "message" else None,
    )
    f.check_whole(type_, event.at, event.body)
    return event


def _required(record: dict[str, Any], key: str) -> object:
    if record.get(key) is None:
        raise EventRefused(f"缺少字段 {key}")
    return record[key]


def _time(record: dict[str, Any]) -> Instant:
    try:
        return parse_instant(_required(record, "at"))
    except BadInstant as reason:
        raise EventRefused(f"at：{reason}") from None


def _body(record: dict[str, Any], table: FieldTable) -> dict[str, Any]:
    body: dict[str, Any] = {}
    for key, (needed, check) in table.items():
        value = record.get(key)
        if value is not None:
            body[key] = check(key, value)
        elif needed:
            raise EventRefused(f"缺少字段 {key}")
    return body
