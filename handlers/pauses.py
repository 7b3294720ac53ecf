"""How long the bot is silent between two messages: as somebody who reads, thinks and types, never as a machine gun."""

from __future__ import annotations

import math
from collections.abc import Iterator
from itertools import repeat
from random import Random

from bot.core.instants import SECOND, Span

TYPICAL, SPREAD = 2.5, 0.6
"""Median in seconds, and the standard deviation of the logarithm: human response times are about log-normal."""
SHORTEST, LONGEST = 1.0, 12.0
"""Seconds. An account that said a message a second for an hour was banned."""


def human(seed: int) -> Iterator[Span]:
    """Pauses without end, the same for the same seed."""
    chance = Random(seed)
    while True:
        seconds = chance.lognormvariate(math.log(TYPICAL), SPREAD)
        yield int(min(max(seconds, SHORTEST), LONGEST) * SECOND)


def none() -> Iterator[Span]:
    """For places where nobody watches how fast one talks."""
    return repeat(0)
