"""The local group's clock: it follows the real one from where it was set, or stands still until it is moved."""

from __future__ import annotations

import time
from collections.abc import Callable

from bot.core.instants import SECOND, Instant, Span
from bot.errors import BadInput


def wall() -> Instant:
    """The machine's time."""
    return time.time_ns() // 1000


class LocalClock:
    """A bot.ports.Clock that can be moved, forward only.

    start: the instant to begin at; the machine's time unless told.
    still: it moves only when told (scripts), instead of going on with the real clock.
    """

    def __init__(
        self, start: Instant | None = None, *, still: bool = False, real: Callable[[], Instant] = wall
    ) -> None:
        self.still = still
        self._real = real
        self._at = real() if start is None else start
        self._set = real()

    def now(self) -> Instant:
        return self._at if self.still else self._at + max(0, self._real() - self._set)

    def move_to(self, at: Instant) -> None:
        """Set the clock to `at`. Raises BadInput when that lies in its past."""
        if at < self.now():
            raise BadInput("时间只能往前走")
        self._at, self._set = at, self._real()

    def tick(self, span: Span = SECOND) -> None:
        """Move on by `span`."""
        self.move_to(self.now() + span)
