"""An event of wechaty as it arrived, before anybody has asked what is in it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from bot.wechat.library import StreamTerminatedError

LOST = (StreamTerminatedError, ConnectionError, TimeoutError)
"""Errors that say nothing of the event itself: the gateway could not be asked, and may be asked again."""


@dataclass(frozen=True, slots=True)
class RawEvent:
    """`connection` is the number of the one it came by. `again`: it could not be looked into before."""

    name: str
    payload: Any
    connection: int
    again: bool = False
