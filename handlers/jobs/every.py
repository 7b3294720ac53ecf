"""Due times at whole multiples of a span."""

from __future__ import annotations

from bot.core.instants import Instant, Span


def multiple_from(at: Instant, after: Instant, span: Span) -> Instant:
    """The first whole multiple of `span` (microseconds) that is not before `at` and strictly after `after`."""
    return max(-(-at // span), after // span + 1) * span
