"""Pages that open by the letters in their address: found, shown or acted on in one transaction, or closed."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from fastapi import Request

from bot.services import passes
from bot.services.people import keyed_hash
from handlers.house import House
from handlers.web.guard import Guesses, demand_host, sender
from storage.page_rows import PassRow
from storage.unit_of_work import UnitOfWork

T = TypeVar("T")
Answer = Callable[[UnitOfWork, "Opened"], T]


@dataclass(frozen=True, slots=True)
class Opened:
    """A page that may be shown: the pass, and whose it is now (contact ids may have been merged since)."""

    row: PassRow
    member: str
    letters: str

    def new_press(self) -> str:
        """For a form: makes what is pressed twice one thing."""
        return secrets.token_urlsafe(9)

    def press(self, number: str) -> str:
        """The name under which a press is written down; nobody can make it up without the page."""
        return keyed_hash(self.row.keyed_hash, number[:64])[:32]


@dataclass(frozen=True, slots=True)
class Opener:
    """Opens pages; everything that is wrong looks the same from outside."""

    house: House
    guesses: Guesses

    async def read(self, request: Request, purpose: str, letters: str, answer: Answer[T]) -> T:
        """What a page shows. Raises Closed."""
        self._admit(request)
        told = await self.house.database.aread(lambda uow: self._answer(uow, purpose, letters, answer))
        return self._counted(request, told)

    async def write(self, request: Request, purpose: str, letters: str, answer: Answer[T]) -> T:
        """What comes of a form. Raises Closed."""
        self._admit(request)
        told = await self.house.database.write(lambda uow: self._answer(uow, purpose, letters, answer))
        return self._counted(request, told)

    def _admit(self, request: Request) -> None:
        demand_host(request, self.house.settings)
        self.guesses.demand(sender(request))

    def _answer(self, uow: UnitOfWork, purpose: str, letters: str, answer: Answer[T]) -> T | None:
        row = passes.find(uow, purpose, letters, self.house.now())
        return None if row is None else answer(uow, Opened(row, uow.links.main(row.member), letters))

    def _counted(self, request: Request, told: T | None) -> T:
        if told is None:
            raise self.guesses.wrong(sender(request))
        return told
