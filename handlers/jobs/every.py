"""Due times at whole multiples of a span."""

from __future__ import annotations

from collections.abc import Callable

from bot.core.instants import Instant, Span
from handlers.house import House


def every(span: Span) -> Callable[[House, Instant], Instant]:
    """The next whole multiple of `span` (microseconds) strictly after an instant."""
    return lambda house, after: (after // span + 1) * span
