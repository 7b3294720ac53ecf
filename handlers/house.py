"""What every handler works with: the database, the clock, the reader and the texts, built once by the runtime."""

from __future__ import annotations

import socket
from collections.abc import Callable
from dataclasses import dataclass, field
from zoneinfo import ZoneInfo

from bot.core.adverts import AdRules
from bot.core.campaigns import Campaigns
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
from handlers.dictionary import Dictionary
from handlers.echoes import Echoes
from handlers.faults import Faults, NoFaults
from handlers.introductions import Introductions
from handlers.lessons import Lessons
from handlers.siblings import Siblings
from handlers.status import Status
from storage.database import Database
from storage.unit_of_work import UnitOfWork


@dataclass(slots=True)
class House:
    """One deployment, ready to work. `chat` is None on the command line.

    untidy: somebody was forgotten, maybe, before a crash: what is kept of those who were in touch with him still has to
    be folded again, and the files to be emptied of him.
    """

    settings: Settings
    database: Database
    clock: Clock
    reader: Reader
    messages: Messages
    onboarding: Onboarding
    catalogue: Catalogue
    read_rules: Callable[[str], RuleSet]
    introductions: Introductions
    traces: Traces
    chat: Chat | None = None
    dictionary: Dictionary = field(init=False)
    lessons: Lessons = field(init=False)
    context: Context = field(init=False)
    campaigns: Campaigns = field(default_factory=Campaigns)
    status: Status = field(default_factory=Status)
    echoes: Echoes = field(default_factory=Echoes)
    faults: Faults = field(default_factory=NoFaults)
    siblings: Siblings = field(init=False)
    began: Instant = field(init=False)
    """When this process was put together."""
    untidy: bool = False
    web_at: str | None = None
    """Where the web side listens, None while it does not."""
    _world: World | None = field(default=None)
    _stamp: tuple[int, int] = (0, 0)
    _read_by: tuple[int, int] = (0, 0)

    def __post_init__(self) -> None:
        self.dictionary = Dictionary(self.reader)
        self.lessons = Lessons(self.reader)
        self.siblings = Siblings(self.owner, possible=self.database.file is None)
        self.began = self.now()
        self.context = Context(lambda uow: self.world(uow, self.now()))

    @property
    def zone(self) -> ZoneInfo:
        return self.settings.zone

    @property
    def owner(self) -> str:
        """Names this process: another one has another port or gateway; it is the same after a restart."""
        return f"{socket.gethostname()}:{self.settings.http_port}:{self.settings.puppet_endpoint or 'local'}"

    @property
    def pages_at(self) -> str | None:
        """What addresses of pages begin with: as people reach them from outside, else at this machine."""
        return self.settings.public_url or self.web_at

    def now(self) -> Instant:
        return self.clock.now()

    def world(self, uow: UnitOfWork, until: Instant) -> World:
        """Rules, zone and deaf spans as of `until`; kept until `refresh`, or until somebody changes the rules."""
        stamp = uow.rule_sets.stamp()
        if self._world is None or stamp != self._stamp:
            self._world, self._stamp = rulesets.world(uow, self.zone, self.read_rules, until), stamp
            every = [tag for version in self._world.versions for tag in version.rules.custom]
            self.catalogue = self.catalogue.knowing(every)
        return self._world

    def follow_rules(self, uow: UnitOfWork) -> bool:
        """Whether other rules hold than those that texts were last read by."""
        self.world(uow, self.now())
        return self._stamp != self._read_by

    def ads(self, at: Instant) -> AdRules:
        """The advert rules to read a message by that was said at `at`."""
        world = self._world or self.database.read(lambda uow: self.world(uow, self.now()))
        self._read_by = self._stamp
        return world.placed(at).rules.advert

    def refresh(self) -> None:
        """Look at rule sets and deaf spans again: one of them has changed."""
        self._world = None

    def rules(self, uow: UnitOfWork) -> RuleSet:
        """The rules in force now."""
        now = self.now()
        return self.world(uow, now).version(now).rules
