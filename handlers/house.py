"""What every handler works with: the database, the clock, the reader and the texts, built once by the runtime."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.core.instants import Instant
from bot.core.ruleset import RuleSet
from bot.core.world import World
from bot.ports import Chat, Clock, Reader, Traces
from bot.services import rulesets
from bot.services.context import Context
from config.catalogue import Catalogue
from config.messages import Messages
from config.onboarding import Onboarding
from config.settings import Settings
from handlers.introductions import Introductions
from storage.database import Database
from storage.unit_of_work import UnitOfWork


@dataclass(slots=True)
class House:
    """One deployment, ready to work. `chat` is None on the command line."""

    settings: Settings
    database: Database
    clock: Clock
    reader: Reader
    messages: Messages
    onboarding: Onboarding
    catalogue: Catalogue
    read_rules: Callable[[str], RuleSet]
    context: Context
    introductions: Introductions
    traces: Traces
    chat: Chat | None = None
    _world: World | None = field(default=None)

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.zone

    def now(self) -> Instant:
        return self.clock.now()

    def world(self, uow: UnitOfWork, until: Instant) -> World:
        """Rules, zone and deaf spans as of `until`; kept until `refresh`."""
        if self._world is None:
            self._world = rulesets.world(uow, self.zone, self.read_rules, until)
        return self._world

    def refresh(self) -> None:
        """Look at rule sets and deaf spans again: one of them has changed."""
        self._world = None

    def rules(self, uow: UnitOfWork) -> RuleSet:
        """The rules in force now."""
        now = self.now()
        return self.world(uow, now).version(now).rules
