"""A group to talk in, for tests: a real house on a real database, its clock in the hand, and what the bot would say."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import config
from bot.cli.traces import traces_of
from bot.core.instants import SECOND, Instant, parse_instant
from bot.core.tags import Tags
from bot.ports import FriendHeard, Heard, JoinHeard, LeaveHeard, MessageHeard, Person
from bot.services import rulesets, tagging
from bot.services.people import SECRET
from bot.text.dictionary import KeywordValues
from bot.text.lexicons import load_lexicons
from bot.text.reader import TextReader
from bot.text.tokenizer import JiebaTokenizer
from config.catalogue import load_catalogue
from config.loader import digest, parse_rules
from config.messages import load_messages
from config.onboarding import load_onboarding
from config.settings import Settings
from handlers.house import House
from handlers.introductions import Introductions
from handlers.jobs import Job
from handlers.turn import Turn, take_batch
from storage.database import Database
from storage.rows import AuditRow, OutboxRow, RoleRow
from storage.unit_of_work import UnitOfWork

NOON = parse_instant("2026-03-02T12:00:00+08:00")
GROUP = "读书会"
FOLDER = Path(config.__file__).parent


class HandClock:
    """A clock that stands until it is moved."""

    def __init__(self, at: Instant) -> None:
        self.at = at

    def now(self) -> Instant:
        return self.at


@cache
def _tokenizer() -> JiebaTokenizer:
    return JiebaTokenizer([])


@cache
def _reader() -> TextReader:
    return TextReader(_tokenizer(), load_lexicons(FOLDER / "lexicon"), keyword=KeywordValues(None))


def house_on(database: Database, clock: HandClock, port: int = 8080) -> House:
    """A furnished house; its secret is fixed. Another port is another process."""
    onboarding = load_onboarding(FOLDER)
    settings = Settings(_env_file=None, http_port=port)
    house = House(
        settings=settings,
        database=database,
        clock=clock,
        reader=_reader(),
        messages=load_messages(FOLDER, onboarding.texts),
        onboarding=onboarding,
        catalogue=load_catalogue(FOLDER),
        read_rules=parse_rules,
        introductions=Introductions(onboarding.questionnaire.tables, _tokenizer().words, settings.zone),
        traces=traces_of(settings),
    )
    database.write_sync(_furnish)
    return house


def _furnish(uow: UnitOfWork) -> None:
    uow.deployment.put(SECRET, "test")
    rulesets.ensure(uow, "", digest(""), 0)


class Room:
    """People speak, join and leave; each deed takes a second. `said` are the rows that came of the latest deed."""

    def __init__(self, database: Database) -> None:
        self.clock = HandClock(NOON)
        self.house = house_on(database, self.clock)
        self.database = database
        self.said: list[OutboxRow] = []
        self._turn = Turn(self.house)
        self._number = 0
        self._names: dict[str, str] = {}

    def hear(self, heard: Heard) -> None:
        before = {row.dedupe_key for row in self.rows()}
        prepared = self._turn.prepare([heard])
        self.database.write_sync(lambda uow: take_batch(uow, self._turn, prepared))
        self.said = [row for row in self.rows() if row.dedupe_key not in before]

    def say(
        self, member: str, text: str, *, to_bot: bool = False, mentions: tuple[str, ...] = (), name: str = ""
    ) -> str:
        """Speak in the group; returns what the bot answers there (lines of all answers)."""
        self._tick()
        self._names[member] = name or self._names.get(member, member)
        person = Person(member, self._names[member])
        self.hear(MessageHeard(self._id(), self.clock.at, person, GROUP, text, mentions=mentions, mentions_me=to_bot))
        return self.answer("group")

    def direct(self, member: str, text: str) -> str:
        """Write to the bot directly; returns its direct answer."""
        self._tick()
        self.hear(MessageHeard(self._id(), self.clock.at, Person(member, self._names.get(member, member)), None, text))
        return self.answer("direct")

    def join(self, *members: str) -> None:
        self._tick()
        self.hear(JoinHeard(self.clock.at, GROUP, tuple(Person(one, one) for one in members)))

    def leave(self, member: str) -> None:
        self._tick()
        self.hear(LeaveHeard(self.clock.at, GROUP, (Person(member, member),)))

    def befriend(self, member: str, is_friend: bool = True) -> None:
        self._tick()
        self.hear(FriendHeard(self.clock.at, Person(member, self._names.get(member, member)), is_friend))

    def appoint(self, member: str, role: str) -> None:
        """Make somebody hold a role, without ceremony, and a friend of the account."""
        self.befriend(member)
        self.database.write_sync(lambda uow: uow.roles.grant(RoleRow(member, role, 0)))

    def answer(self, to_kind: str) -> str:
        return "\n".join(row.text for row in self.said if row.to_kind == to_kind)

    def deliver(self) -> None:
        """Everything that waits is sent now."""

        def settle(uow: UnitOfWork) -> None:
            for row in uow.outbox.page(status="queued", limit=1000):
                uow.outbox.settle(row.id, "sent", now=self.clock.at)

        self.database.write_sync(settle)

    def wait(self, span: int) -> None:
        self.clock.at += span

    def due(self, job: Job, after: Instant) -> Instant | None:
        """When a job next has something to do."""
        return self.database.read(lambda uow: job.next_due(uow, self.house, after))

    def rows(self) -> list[OutboxRow]:
        return self.database.read(lambda uow: uow.outbox.page(limit=1000))

    def tags(self, member: str) -> Tags:
        return self.database.read(
            lambda uow: tagging.look(uow, [member], self.house.world(uow, self.clock.at), self.clock.at)[member].tags
        )

    def audit(self) -> list[AuditRow]:
        """The latest first."""
        return self.database.read(lambda uow: uow.audit.page())

    def _tick(self) -> None:
        self.clock.at += SECOND

    def _id(self) -> str:
        self._number += 1
        return f"m{self._number}"
