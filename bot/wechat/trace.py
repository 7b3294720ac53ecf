"""Naming what went wrong without repeating what was said: logs hold types, places and ids, never texts."""

from __future__ import annotations

from typing import Any


def reference(thing: Any) -> str:
    """The id by which an event can be found again; never its content."""
    return str(getattr(thing, "message_id", None) or getattr(thing, "id", None) or "")


def where(error: BaseException) -> str:
    """Type and place of an error, without its text: that may hold a message or the token."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    place = f" {trace.tb_frame.f_globals.get('__name__')}:{trace.tb_lineno}" if trace else ""
    return type(error).__name__ + place
