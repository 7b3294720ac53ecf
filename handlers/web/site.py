"""What every page works with: the house, and the runtime's ways in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.core.events import Event
from bot.services.intake import Recorded
from handlers.house import House


@dataclass(frozen=True, slots=True)
class Site:
    """take: facts are dealt with as if heard. settle: what late facts have disturbed is put right.

    behind: how many things were heard and not yet dealt with. stir: what a page has changed may be due at once.
    """

    house: House
    take: Callable[[Sequence[Event]], Awaitable[Recorded]]
    settle: Callable[[], Awaitable[None]]
    behind: Callable[[], int]
    stir: Callable[[], None] = lambda: None
