"""`POST /api/events` and `POST /hooks/orders`: signed facts from outside, answered like `events --json`."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from bot.core.event_fields import shown
from bot.core.events import Event, EventRefused
from bot.core.instants import Instant
from bot.errors import BadInput
from handlers.files.outside import Outside, decode
from handlers.files.run import BLOCKED, NO_CONSENT, Summary
from handlers.files.source import Refusal, Source
from handlers.introductions import INTRODUCTION
from handlers.web.door import Declined, body_of
from handlers.web.signature import WINDOW, Unsigned, demand
from handlers.web.site import Site

TRUSTED_ONLY = frozenset({"grant", "revoke", "consent", "followers"})
"""Types that give rights; they come from a person in chat or from a file of the operator's, never over HTTP."""
ORDERS = frozenset({"order", "refund"})
BATCH = 200

Read = Callable[[Any], Event]


def routes(site: Site) -> APIRouter:
    router = APIRouter()
    outside = Outside(site.house)

    @router.post("/api/events")
    async def events(request: Request) -> JSONResponse:
        return await _take(site, await _signed(site, request), lambda record: _untrusted(outside, record))

    @router.post("/hooks/orders")
    async def orders(request: Request) -> JSONResponse:
        return await _take(site, await _signed(site, request), lambda record: _order(outside, record))

    return router


async def _signed(site: Site, request: Request) -> bytes:
    """The body of a request that proves where it comes from. Raises Declined."""
    secret = site.house.settings.secret
    if secret is None:
        raise Declined(503, "没有设置 BOT_SECRET，不接收事件")
    body = await body_of(request)
    try:
        demand(secret.get_secret_value(), request.headers, body, site.house.now())
    except Unsigned as reason:
        raise Declined(401, str(reason)) from None
    return body


def _untrusted(outside: Outside, record: Any) -> Event:
    if isinstance(record, dict) and record.get("type") in TRUSTED_ONLY:
        raise EventRefused(f"type={record['type']} 不能经 HTTP 提交")
    return outside.event(record)


def _order(outside: Outside, record: Any) -> Event:
    """An order or refund as a shop tells it; without type it is an order, without id one made of its number."""
    if not isinstance(record, dict):
        raise EventRefused("这一行不是 JSON 对象")
    type_ = record.get("type", "order")
    if not isinstance(type_, str) or type_ not in ORDERS:
        raise EventRefused(f"type={shown(type_)} 不是 order refund 之一")
    return outside.event({"id": f"{type_}:{record.get('order')}", **record, "type": type_})


async def _take(site: Site, body: bytes, read: Read) -> JSONResponse:
    """Take the lines in, batch by batch; what is told of each is what `events --json` tells."""
    summary = Summary()
    try:
        for lines in _batches(body, _timely(read, site.house.now() + WINDOW), summary):
            await _write(site, lines, summary)
    except BadInput as reason:
        raise Declined(400, str(reason)) from None
    await site.settle()
    return JSONResponse(asdict(summary))


def _timely(read: Read, latest: Instant) -> Read:
    """Facts come as they happen: one from the future would carry its member's clock, and his tags, there at once."""

    def timely(record: Any) -> Event:
        event = read(record)
        if event.at > latest:
            raise EventRefused("at 在将来：比机器人的时钟晚 5 分钟以上")
        return event

    return timely


def _batches(body: bytes, read: Read, summary: Summary) -> Iterator[list[tuple[int, Event]]]:
    if body.startswith(b"\x1f\x8b"):
        raise BadInput("请求内容：不收压缩的内容")
    batch: list[tuple[int, Event]] = []
    for line in Source("请求内容", io.BytesIO(body), len(body)).lines():
        if isinstance(line, Refusal) or not line[1].isspace():
            batch += _read(line, read, summary)
        if len(batch) >= BATCH:
            yield batch
            batch = []
    yield batch


def _read(line: tuple[int, bytes] | Refusal, read: Read, summary: Summary) -> list[tuple[int, Event]]:
    summary.read += 1
    if isinstance(line, Refusal):
        summary.refuse(line.line, line.reason)
        return []
    try:
        return [(line[0], read(decode(line[1])))]
    except EventRefused as reason:
        summary.refuse(line[0], str(reason))
        return []


async def _write(site: Site, lines: list[tuple[int, Event]], summary: Summary) -> None:
    if not lines:
        return
    numbers: dict[str, int] = {}
    for number, event in lines:
        numbers.setdefault(event.id, number)
    recorded = await site.take([event for _, event in lines])
    summary.new += sum(prepared.event.type != INTRODUCTION for prepared in recorded.new)
    summary.duplicate += recorded.duplicates
    for ids, reason in ((recorded.dropped, NO_CONSENT), (recorded.blocked, BLOCKED)):
        for id_ in ids:
            if id_ in numbers:
                summary.refuse(numbers[id_], reason)
