"""Chat history in ChatLab Standard Format 0.0.2, as one JSON document or as JSON lines; both are read as streams.

A sender becomes the member, `platformMessageId` the event's id, `groupId` the group. A message without an id gets one
that depends on what it says and when, so that reading it again is a repeat. System notices and recalls are passed over.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

import ijson  # type: ignore[import-untyped]  # publishes no types

from bot.core.event_fields import NAME_LENGTH, clean, ident
from bot.core.events import Event, EventRefused, parse_event
from bot.errors import BadInput
from handlers.files.outside import decode
from handlers.files.source import CUT, CUT_SHORT, Refusal, Source

Item = tuple[int, Event] | Refusal | None
"""None: read, and nothing to take in."""

KINDS = {0: "text", 1: "image", 2: "voice", 3: "video", 4: "file", 5: "emoji", 7: "link", 8: "location"}
CARDS = {24: "mini_program", 25: "text", 26: "link", 27: "link", 99: "text"}
"""Share, reply, forwarded messages, contact card, other. Red packets, transfers, pokes and calls are like stickers."""
SYSTEM = frozenset({80, 81})
VERSIONS = ("0.0.1", "0.0.2")


class Messages:
    """Turns the messages of one chat into events."""

    def __init__(self, name: str, header: object, meta: object) -> None:
        """Raises BadInput for what is not a ChatLab file of a known version."""
        version = header.get("version") if isinstance(header, dict) else None
        if version not in VERSIONS or not isinstance(meta, dict):
            raise BadInput(f"{name}：不是 ChatLab 0.0.2 格式的聊天记录")
        self.group = _group(name, meta)
        self._second: object = None
        self._said: dict[str, int] = {}

    def item(self, number: int, record: object) -> Item:
        try:
            event = self._event(record)
        except EventRefused as reason:
            return Refusal(number, str(reason))
        return None if event is None else (number, event)

    def _event(self, record: object) -> Event | None:
        if not isinstance(record, dict):
            raise EventRefused("这条消息不是 JSON 对象")
        type_ = record.get("type")
        if isinstance(type_, bool) or not isinstance(type_, int):
            raise EventRefused("type 应为整数")
        if type_ in SYSTEM:
            return None
        said = record.get("content")
        if said is not None and not isinstance(said, str):
            raise EventRefused("content 应为字符串或 null")
        told = {"member": record.get("sender"), "at": record.get("timestamp"), "name": _name(record)}
        id_ = record.get("platformMessageId") or self._derived_id(record)
        rest = {"reply_to": record.get("replyToMessageId"), "kind": KINDS.get(type_, CARDS.get(type_, "emoji"))}
        if rest["kind"] == "text":
            del rest["kind"]
        return parse_event({"type": "message", "id": id_, "group": self.group, "text": said or "", **told, **rest})

    def _derived_id(self, record: dict[str, Any]) -> str:
        """A hash of what was said, numbered where somebody said the same twice in one second."""
        if record.get("timestamp") != self._second:
            self._second, self._said = record.get("timestamp"), {}
        parts = (self.group, *(record.get(key) for key in ("sender", "timestamp", "type", "content")))
        digest = sha256(repr(parts).encode("utf-8", "replace")).hexdigest()[:32]
        self._said[digest] = repeat = self._said.get(digest, 0) + 1
        return f"chatlab:{digest}:{repeat}"


def _group(name: str, meta: dict[str, Any]) -> str | None:
    if meta.get("type") == "private":
        return None
    try:
        return ident("groupId", meta.get("groupId") or meta.get("name"))
    except EventRefused as reason:
        raise BadInput(f"{name}：meta.{reason}") from None


def _name(record: dict[str, Any]) -> str | None:
    name = record.get("accountName")
    return clean(name[:NAME_LENGTH]) if isinstance(name, str) and name else None


def read_history(open_source: Callable[[], Source]) -> Iterator[Item]:
    """The messages of a history file, which is opened more than once. Raises BadInput."""
    source = open_source()
    first = _first_record(source)
    if isinstance(first, dict) and "_type" in first:
        source.close()
        yield from _lines(open_source())
        return
    source.close()
    yield from _document(open_source)


def _first_record(source: Source) -> object:
    """The first line's value; None when the line is no JSON by itself."""
    for line in source.lines():
        if isinstance(line, Refusal):
            return None
        if not line[1].isspace() and not line[1].startswith(b"#"):
            try:
                return decode(line[1])
            except EventRefused:
                return None
    raise BadInput(f"{source.name}：是空文件")


def _lines(source: Source) -> Iterator[Item]:
    messages: Messages | None = None
    for line in source.lines():
        if isinstance(line, Refusal):
            yield line
        elif line[1].isspace() or line[1].startswith(b"#"):
            continue
        elif messages is None:
            record = decode(line[1])
            messages = Messages(source.name, record.get("chatlab"), record.get("meta"))
        else:
            yield from _message_lines(*line, messages)


def _message_lines(number: int, line: bytes, messages: Messages) -> Iterator[Item]:
    """A message line's item; nothing for a line about a member."""
    try:
        record = decode(line)
    except EventRefused as reason:
        yield Refusal(number, str(reason))
        return
    kind = record.get("_type") if isinstance(record, dict) else None
    if kind == "message":
        yield messages.item(number, record)
    elif kind not in ("header", "member"):
        yield Refusal(number, "_type 不是 header、member 或 message")


def _document(open_source: Callable[[], Source]) -> Iterator[Item]:
    messages = Messages(*_head(open_source()))
    source = open_source()
    number = 0
    try:
        for record in ijson.items(_Bytes(source), "messages.item", use_float=True):
            number += 1
            yield messages.item(number, record)
    except CUT:
        yield Refusal(number + 1, CUT_SHORT)
    except ijson.IncompleteJSONError:
        yield Refusal(number + 1, "文件在这条消息处中断或损坏，其后读不出")
    except (ijson.JSONError, ValueError, OverflowError):
        yield Refusal(number + 1, "这条消息不是合法的 JSON，其后读不出")


def _head(source: Source) -> tuple[str, object, object]:
    """Name, `chatlab` and `meta` of a document, read no further than needed, messages never kept."""
    found: dict[str, ijson.ObjectBuilder] = {}
    whole: set[str] = set()
    try:
        for prefix, event, value in ijson.parse(_Bytes(source), use_float=True):
            key = prefix.partition(".")[0]
            if key in ("chatlab", "meta"):
                found.setdefault(key, ijson.ObjectBuilder()).event(event, value)
                if prefix == key and event == "end_map":
                    whole.add(key)
            if len(whole) == 2:
                break
    except (*CUT, ijson.JSONError, ValueError, OverflowError):
        whole.clear()
    finally:
        source.close()
    header, meta = (found[key].value if key in whole else None for key in ("chatlab", "meta"))
    return source.name, header, meta


class _Bytes:
    """A source's bytes without a byte order mark, as ijson reads them."""

    def __init__(self, source: Source) -> None:
        self._stream = source.stream
        self._begun = False

    def read(self, size: int) -> bytes:
        data = self._stream.read1(size) if size else b""
        if not self._begun and size:
            self._begun = True
            data = data.removeprefix(b"\xef\xbb\xbf")
        return data
