"""Times as people type them."""

from __future__ import annotations

from bot.core.instants import BadInstant, Instant, parse_instant
from bot.errors import BadInput


def read_time(option: str, text: str) -> Instant:
    """ISO 8601 with offset, or epoch seconds. Raises BadInput naming the option."""
    try:
        return parse_instant(_number(text) if _number(text) is not None else text)
    except BadInstant as reason:
        raise BadInput(f"{option}：{reason}") from None


def _number(text: str) -> float | None:
    try:
        return float(text) if not text.isdigit() else int(text)
    except ValueError:
        return None
