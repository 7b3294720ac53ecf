"""What stands before every page for people: the right host name, forms that the page itself sent, few wrong guesses."""

from __future__ import annotations

from collections import OrderedDict, deque
from collections.abc import Callable
from ipaddress import ip_address
from urllib.parse import parse_qsl, urlsplit

from fastapi import Request

from bot.core.instants import MINUTE, Instant, Span
from config.settings import Settings

GONE, BUSY, ELSEWHERE, FOREIGN, TOO_LONG = 404, 429, 421, 403, 413
FORM = "application/x-www-form-urlencoded"
_MOST_BYTES = 64 << 10
_MOST_FIELDS = 60
_LOCAL_NAMES = frozenset({"localhost", "localhost."})


class Closed(Exception):
    """The page is not shown; whoever asked sees one neutral page, whatever the reason, with this HTTP status."""

    def __init__(self, status: int = GONE) -> None:
        super().__init__(status)
        self.status = status


def is_loopback(host: str) -> bool:
    """Whether a host name or address means this machine alone."""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() in _LOCAL_NAMES


def _name_of(address: str | None) -> str | None:
    return urlsplit(address).hostname if address else None


def at_machine(settings: Settings) -> bool:
    """Whether only this machine reaches the server: it listens to no other, and no public address leads to it."""
    public = _name_of(settings.public_url)
    return is_loopback(settings.http_host) and (public is None or is_loopback(public))


def _is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def demand_host(request: Request, settings: Settings) -> None:
    """Raises Closed for a name that is not ours: a foreign site may let its own name point at this machine.

    Ours are the public address and, at this machine, its loopback names; bound to the outside, also its addresses.
    """
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    if host == _name_of(settings.public_url) or is_loopback(host):
        return
    if is_loopback(settings.http_host) or not _is_address(host):
        raise Closed(ELSEWHERE)


async def form_of(request: Request) -> dict[str, str]:
    """The fields of a form that one of our pages sent. Raises Closed."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise Closed(FOREIGN)
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != FORM:
        raise Closed(FOREIGN)
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > _MOST_BYTES:
            raise Closed(TOO_LONG)
    try:
        fields = parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS)
    except ValueError:
        raise Closed(TOO_LONG) from None
    return dict(fields)


def sender(request: Request) -> str:
    """The address a request comes from; behind a proxy on this machine, the one the proxy names last."""
    host = request.client.host if request.client is not None else ""
    named = request.headers.get("x-forwarded-for", "").rpartition(",")[2].strip()
    return named[:64] if named and is_loopback(host) else host


class Guesses:
    """Wrong guesses of late, by address: after `most` within `within` an address is turned away for a while."""

    MOST_ADDRESSES = 10_000

    def __init__(self, now: Callable[[], Instant], most: int = 20, within: Span = 10 * MINUTE) -> None:
        self._now, self._most, self._within = now, most, within
        self._wrong: OrderedDict[str, deque[Instant]] = OrderedDict()

    def demand(self, address: str) -> None:
        """Raises Closed for an address that guessed too often."""
        wrong = self._wrong.get(address, deque())
        while wrong and not 0 <= self._now() - wrong[0] < self._within:
            wrong.popleft()
        if len(wrong) >= self._most:
            raise Closed(BUSY)

    def wrong(self, address: str) -> Closed:
        """Count a wrong guess; returns what to raise."""
        self._wrong.setdefault(address, deque(maxlen=self._most)).append(self._now())
        self._wrong.move_to_end(address)
        if len(self._wrong) > self.MOST_ADDRESSES:
            self._wrong.popitem(last=False)
        return Closed()
