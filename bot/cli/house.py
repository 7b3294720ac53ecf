"""A house for the command line: settings, database, rules and texts; the reader of messages only when one is read."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from bot.cli.traces import traces_of
from bot.core.adverts import AdRules
from bot.core.instants import Instant
from bot.core.parts import MessageParts, Reading
from bot.core.quality import QualityRules
from bot.core.ruleset import RuleSet
from bot.errors import BadInput
from bot.services import dictionary, learning, rulesets
from bot.services.people import SECRET
from config.campaigns import load_campaigns
from config.catalogue import load_catalogue
from config.loader import digest, parse_rules, read_rule_file
from config.messages import load_messages
from config.onboarding import load_onboarding
from config.settings import Settings
from handlers.following import follow
from handlers.house import House
from handlers.introductions import Introductions
from storage.database import Database
from storage.unit_of_work import UnitOfWork

if TYPE_CHECKING:
    from bot.ports import Clock, Lesson, Tokenizer
    from bot.text.lexicons import UserWord
    from bot.text.models import Models
    from bot.text.reader import TextReader
    from bot.text.topic_words import Told

log = logging.getLogger(__name__)

AUTHOR = "命令行"
"""Who acts on the command line, for the audit."""


class WallClock:
    """The machine's time, as bot.ports.Clock."""

    def now(self) -> Instant:
        return time.time_ns() // 1000


class LazyReader:
    """A bot.ports.Reader that loads dictionary and word lists when the first text is read.

    That takes half a second, less with a folder to keep the parsed dictionary in.
    """

    def __init__(self, settings: Settings, rules: QualityRules, cache: Path | None = None) -> None:
        self._settings, self._rules, self._cache = settings, rules, cache
        self._taught: dict[str, bool | None] = {}
        self._weights: bytes | None = None
        self.ads: AdRules | None = None
        """By what adverts are judged when a call does not say."""

    def read(
        self,
        text: str,
        kind: str = "text",
        mentions: Sequence[str] = (),
        is_reply: bool = False,
        ads: AdRules | None = None,
    ) -> MessageParts:
        return self._reader.read(text, kind, mentions, is_reply, ads or self.ads)

    def foresee(self, texts: Sequence[str]) -> None:
        if texts:
            self._reader.foresee(texts)

    def topics(self, texts: Sequence[str]) -> list[Told]:
        return self._reader.topics(texts)

    def learn(self, samples: Sequence[tuple[str, bool | str]]) -> Lesson | None:
        return self._reader.learn(samples)

    def use(self, weights: bytes | None) -> None:
        """Remembered like `teach`."""
        self._weights = weights
        if "_reader" in vars(self):
            self._reader.use(weights)

    def content_words(self, text: str) -> list[str]:
        return self._reader.content_words(text)

    def names_among(self, words: Collection[str]) -> set[str]:
        return self._reader.names_among(words)

    def words(self, text: str) -> list[str]:
        return self.tokenizer.words(text)

    @property
    def reading(self) -> Reading:
        return self._reader.reading

    def knows(self, word: str) -> bool:
        return self.tokenizer.knows(word)

    def teach(self, changes: Mapping[str, bool | None]) -> None:
        """Remembered until something is read: most commands read no text, and loading takes its time."""
        self._taught |= changes
        if "_reader" in vars(self):
            self._reader.teach(changes)
        elif "tokenizer" in vars(self):
            self.tokenizer.teach(_spelled(changes))

    @cached_property
    def tokenizer(self) -> Tokenizer:
        from bot.text.lexicons import BadLexicon, load_user_words
        from bot.text.rjieba_tokenizer import EngineMissing

        try:
            words = load_user_words(self._settings.config_dir / "lexicon" / "user_dict.txt")
            tokenizer = _engine(self._settings.tokenizer, words, self._cache)
        except (BadLexicon, EngineMissing) as reason:
            raise BadInput(str(reason)) from None
        if self._taught:
            tokenizer.teach(_spelled(self._taught))
        return tokenizer

    @cached_property
    def _reader(self) -> TextReader:
        from bot.text.dictionary import KeywordValues
        from bot.text.lexicons import BadLexicon, load_lexicons
        from bot.text.reader import TextReader

        try:
            lexicons = load_lexicons(self._settings.config_dir / "lexicon")
        except BadLexicon as reason:
            raise BadInput(str(reason)) from None
        reader = TextReader(
            self.tokenizer,
            lexicons,
            self._rules,
            keyword=KeywordValues(self._cache),
            models=self.models,
            frozen=self._frozen(),
        )
        if self._weights is not None:
            reader.use(self._weights)
        if self._taught:
            reader.teach(self._taught)
        return reader

    def _frozen(self) -> list[tuple[str, bool | str]]:
        """The texts that nothing learned may get wrong; none, and nothing is learned, when the file cannot be used."""
        from bot.text.learning import load_frozen
        from bot.text.models import BadModel

        try:
            return load_frozen(self._settings.frozen_file)
        except BadModel as reason:
            log.warning("%s；不从审核学习", reason)
            return []

    @cached_property
    def models(self) -> Models | None:
        """The trained models; None, with a word in the log, when the file cannot be used: word lists still can."""
        from bot.text.models import BadModel, load

        try:
            return load(self._settings.model_file)
        except BadModel as reason:
            log.warning("%s；只用词表判断", reason)
            return None


def _engine(name: str, words: Iterable[UserWord], cache: Path | None) -> Tokenizer:
    """Only the chosen engine is loaded: each holds a dictionary and a model."""
    if name == "rjieba":
        from bot.text.rjieba_tokenizer import RJiebaTokenizer

        return RJiebaTokenizer(words)
    from bot.text.tokenizer import JiebaTokenizer

    return JiebaTokenizer(words, cache)


def _spelled(changes: Mapping[str, bool | None]) -> dict[str, bool | None]:
    from bot.text.normalise import spelled

    return spelled(changes)


def reader_of(settings: Settings) -> LazyReader:
    """A reader for commands that look at texts alone.

    The words stored in the database and the advert rules in force there, if there is one, are known.
    """
    reader = LazyReader(settings, QualityRules())
    reader.ads = read_rule_file(settings.config_dir / "rulesets" / "default.toml")[0].advert
    database = Database(settings.database_url, read_only=True)
    try:
        if database.file is None or database.file.exists():
            reader.teach(database.read(dictionary.stored))
            reader.use(database.read(learning.stored))
            in_force = database.read(lambda uow: rulesets.stored_content(uow, time.time_ns() // 1000))
            reader.ads = reader.ads if in_force is None else parse_rules(in_force).advert
    finally:
        database.close()
    return reader


def open_house(settings: Settings, clock: Clock | None = None) -> House:
    """Open the database, bring it up to date, and put the configuration in place. Raises Refused."""
    folder = settings.config_dir
    _, content = read_rule_file(folder / "rulesets" / "default.toml")
    onboarding = load_onboarding(folder)
    messages = load_messages(folder, onboarding.texts)
    catalogue = load_catalogue(folder)
    campaigns = load_campaigns(folder, catalogue.find)
    clock = clock or WallClock()
    database = Database(settings.database_url)
    try:
        database.migrate()
        if not database.read(lambda uow: _is_furnished(uow, content)):
            database.write_sync(lambda uow: _furnish(uow, settings, content, clock.now()))
        rules = database.read(lambda uow: _rules_in_force(uow, settings, clock.now()))
    except BaseException:
        database.close()
        raise
    reader = LazyReader(settings, rules.quality, None if database.file is None else database.file.parent / "cache")
    house = House(
        settings=settings,
        database=database,
        clock=clock,
        reader=reader,
        messages=messages,
        onboarding=onboarding,
        catalogue=catalogue,
        read_rules=parse_rules,
        introductions=Introductions(onboarding.questionnaire.tables, reader.words, settings.zone),
        traces=traces_of(settings),
        campaigns=campaigns,
    )
    database.read(lambda uow: follow(uow, house))
    return house


@contextmanager
def house_of(settings: Settings, clock: Clock | None = None) -> Iterator[House]:
    """A house that is closed at the end."""
    house = open_house(settings, clock)
    try:
        yield house
    finally:
        house.database.close()


def _is_furnished(uow: UnitOfWork, content: str) -> bool:
    return uow.deployment.get(SECRET) is not None and uow.rule_sets.by_digest(digest(content)) is not None


def _rules_in_force(uow: UnitOfWork, settings: Settings, now: Instant) -> RuleSet:
    return rulesets.world(uow, settings.zone, parse_rules, now).version(now).rules


def _furnish(uow: UnitOfWork, settings: Settings, content: str, now: Instant) -> None:
    """What a deployment needs once: a secret of its own, and the rules of the configuration."""
    if uow.deployment.get(SECRET) is None:
        given = settings.secret.get_secret_value() if settings.secret is not None else secrets.token_hex(32)
        uow.deployment.put(SECRET, given)
    rulesets.ensure(uow, content, digest(content), now)
