"""An event of wechaty as it arrived, before anybody has asked what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.wechat.library import StreamTerminatedError

LOST = (StreamTerminatedError, ConnectionError, TimeoutError)
"""Errors that say nothing of the event itself: the gateway could not be asked, and may be asked again."""
MOST_TRIES = 3
"""An event that is in hand whenever a connection breaks may be what breaks it."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """`connection` is the number of the one it came by. `tries`: how often it could not be looked into."""

    name: str
    payload: Any
    connection: int
    tries: int = 0
