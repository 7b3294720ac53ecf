"""Who may hand facts in over HTTP: whoever can sign the timestamp and the body with BOT_SECRET.

`X-Timestamp` is the time of sending in whole seconds since 1970, `X-Signature` the hexadecimal HMAC-SHA256 of
`timestamp + "." + body`. A request older or newer than five minutes is refused; one repeated within them changes
nothing, because every fact has an id.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Mapping

from bot.core.instants import MINUTE, SECOND, Instant

TIMESTAMP, SIGNATURE = "x-timestamp", "x-signature"
WINDOW = 5 * MINUTE
_SECONDS = re.compile(r"\d{1,12}", re.ASCII)


class Unsigned(Exception):
    """The request does not prove who sent it; str() says in Chinese what is wrong."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body sent at `timestamp`."""
    return hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def demand(secret: str, headers: Mapping[str, str], body: bytes, now: Instant) -> None:
    """Raises Unsigned unless `headers` carry a fresh timestamp and the right signature of it and `body`."""
    timestamp, given = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not timestamp or not given:
        raise Unsigned("缺少签名：需要 X-Timestamp 与 X-Signature")
    if not _SECONDS.fullmatch(timestamp):
        raise Unsigned("X-Timestamp 应为自 1970 年起的整秒数")
    if abs(int(timestamp) * SECOND - now) > WINDOW:
        raise Unsigned("X-Timestamp 与现在相差超过 5 分钟，请求已过期")
    expected = sign(secret, timestamp, body)
    if not hmac.compare_digest(expected.encode(), given.lower().removeprefix("sha256=").encode()):
        raise Unsigned("签名不对")
