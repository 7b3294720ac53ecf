"""What every page works with: the house, and the runtime's ways in."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from bot.core.events import Event
from bot.services.intake import Recorded
from handlers.house import House


class Stage(Protocol):
    """The local group, as far as a page plays in it (bot.localgroup.stage.Stage)."""

    async def play(self, line: str) -> str: ...

    def since(self, number: int) -> list[dict[str, Any]]: ...

    def state(self) -> dict[str, Any]: ...


@dataclass(frozen=True, slots=True)
class Site:
    """take: facts are dealt with as if heard. settle: what late facts have disturbed is put right.

    behind: how many things were heard and not yet dealt with. stir: what a page has changed may be due at once.
    stage: the local group, None on WeChat.
    """

    house: House
    take: Callable[[Sequence[Event]], Awaitable[Recorded]]
    settle: Callable[[], Awaitable[None]]
    behind: Callable[[], int]
    stir: Callable[[], None] = lambda: None
    stage: Stage | None = None
