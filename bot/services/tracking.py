"""Tracked links (`#链接`, `/r/{code}`): how a click on an address of ours becomes a fact about a member.

A link in a group is opened by nobody in particular and only counted. In a message to one member its address is replaced
by one of his own, so that opening it is his click, with device and city as far as he agreed (RULEBOOK §1, §4, §6). An
address leads only to the target that was stored with it.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from bot.core.events import Event
from bot.core.instants import DAY, SECOND, Instant
from bot.errors import Refused
from storage.rows import PersonalLinkRow, TrackedLinkRow
from storage.unit_of_work import UnitOfWork

LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
LENGTH, OWN_LENGTH = 8, 16
"""Characters of a link's code, which may be known, and of a member's own, which may not be guessed (79 bits)."""
KEPT = 90 * DAY
"""How long a member's own address leads on; clicks count for so long (RULEBOOK §4)."""
ONCE = 10 * SECOND
"""A page that is loaded again at once is the same click."""
LONGEST = 1000
"""Characters of a target."""

_ADDRESS = re.compile(rf"(?<=/r/)([{LETTERS}]{{{LENGTH}}})(?![0-9A-Za-z])")


class Item(NamedTuple):
    """What a link's clicks tell of the item behind it; price in fen."""

    topic: str | None = None
    form: str | None = None
    price: int | None = None


class Opened(NamedTuple):
    """Where an address leads, and the click it stands for, None for one that is nobody's."""

    target: str
    click: Event | None


def checked(target: str) -> str:
    """A target as it may be kept. Raises Refused: only whole web addresses, without name or password, on one line."""
    try:
        parts = urlsplit(target)
        whole = parts.scheme in ("http", "https") and parts.hostname and parts.port != 0
    except ValueError:
        whole = False
    if not whole or "@" in parts.netloc or not target.isprintable() or " " in target:
        raise Refused("网址应以 http:// 或 https:// 开头，不含空格、用户名和密码")
    if len(target) > LONGEST:
        raise Refused(f"网址超过 {LONGEST} 个字符")
    return target


def make(uow: UnitOfWork, target: str, item: Item, by: str, now: Instant) -> TrackedLinkRow:
    """Keep a link; each has a code of its own, also to the same target. Raises Refused."""
    row = TrackedLinkRow(_code(LENGTH), checked(target), *item, created_by=by, created_at=now)
    uow.tracked.add(row)
    return row


def personal(uow: UnitOfWork, text: str, member: str, now: Instant) -> str:
    """The text with the addresses of our links replaced by the member's own."""
    codes = set(_ADDRESS.findall(text))
    owned: dict[str, str] = {}
    for row in uow.tracked.known(codes) if codes else ():
        owned[row.code] = _code(OWN_LENGTH)
        uow.tracked.give(PersonalLinkRow(owned[row.code], row.code, member, now))
    return _ADDRESS.sub(lambda found: owned.get(found[1], found[1]), text)


def open_(uow: UnitOfWork, code: str, traces: Mapping[str, str] | None, now: Instant) -> Opened | None:
    """What opening an address does; None for one that leads nowhere.

    `traces`: ip and user_agent of the visit, None for a program's, which counts for nothing.
    """
    own = uow.tracked.personal(code)
    link = uow.tracked.get(code if own is None else own.link)
    if link is None or traces is None:
        return None if link is None else Opened(link.target, None)
    uow.tracked.count(link.code, own=own is not None)
    return Opened(link.target, None if own is None else _click(own, link, traces, now))


def _click(own: PersonalLinkRow, link: TrackedLinkRow, traces: Mapping[str, str], now: Instant) -> Event:
    told = {"topic": link.topic, "form": link.form, "price_yuan": link.price, **traces}
    body: dict[str, Any] = {"link": link.target, **{key: value for key, value in told.items() if value is not None}}
    return Event("click", f"r:{own.code}:{now // ONCE}", now, own.member, None, body)


def _code(length: int) -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(length))
