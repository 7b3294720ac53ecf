"""The context pass: what a message is worth among its neighbours (repetition, flood, what stands around it).

In-order messages go through one `Talk` that lives as long as the process. A message that comes late cannot: it is
judged for now by its text alone, and the stretch of time it disturbs is noted, to be judged again as a whole
(bot.services.rejudging). So are stretches disturbed by late joins and deaf spans. The rules are those that hold when a
message is said.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import merge

import orjson

from bot.core.adverts import CONTACT
from bot.core.copies import Copy
from bot.core.instants import Instant, Span
from bot.core.repetition import Heard, OutOfOrder
from bot.core.ruleset import RuleSet
from bot.core.surroundings import Joined
from bot.core.talk import Judged, Talk, TextCheck, ahead, far, near
from bot.core.world import Deaf, RuleVersion, World
from storage.talk_rows import ContextRow
from storage.unit_of_work import UnitOfWork

Worlds = Callable[[UnitOfWork], World]
END_OF_TIME: Instant = 1 << 62


@dataclass(slots=True)
class Told:
    """What a batch tells of the talk."""

    messages: list[Heard] = field(default_factory=list)
    joins: list[Joined] = field(default_factory=list)
    deaf: list[Deaf] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """Verdicts by message id; those that came too late have none. `turned`: logged messages that are adverts because of
    what this batch tells. `disturbed`: (from, to) to be judged again."""

    verdicts: dict[str, Judged] = field(default_factory=dict)
    turned: list[Copy] = field(default_factory=list)
    disturbed: list[tuple[Instant, Instant]] = field(default_factory=list)


class Context:
    """The last while of talk, kept in step with the log even when another process writes to it."""

    def __init__(self, worlds: Worlds) -> None:
        self.worlds = worlds
        self._talk = Talk(RuleSet())
        self._versions: Sequence[RuleVersion] = ()
        self._version = RuleVersion(0, 0, RuleSet())
        self._newest: Instant = 0
        self._last_seq: int | None = None

    def judge(self, uow: UnitOfWork, told: Told) -> Answer:
        """Judge what a batch tells, starting again from the log when somebody else has written to it."""
        world, answer = self.worlds(uow), Answer()
        self._catch_up(uow, world)
        back, reach = longest_ahead(world), longest_reach(world)
        for span in told.deaf:
            self._talk.deafen(span)
            if span.start <= self._newest:  # what was concluded from how much was said is another matter now
                answer.disturbed.append((span.start, span.end + reach))
        done: list[Heard | Joined] = []
        for item in in_order(sorted(told.messages, key=_order), sorted(told.joins, key=_order)):
            if not (self._turn(uow, world, item.at, done) and self._take(item, answer)):
                answer.disturbed.append((item.at - back, item.at + reach))
            self._look_back(world, item.at, answer)
            done.append(item)
        return answer

    def settle(self, uow: UnitOfWork) -> None:
        """Remember that the log is known up to here."""
        self._last_seq = uow.events.last_seq()

    def forget(self) -> None:
        """Start again from the log next time: the transaction was undone, or the log was changed."""
        self._last_seq = None

    def _catch_up(self, uow: UnitOfWork, world: World) -> None:
        if uow.events.last_seq() != self._last_seq or world.versions != self._versions:
            self._versions, self._newest = world.versions, uow.events.last_message_at() or 0
            self._begin(uow, world.placed(self._newest))

    def _begin(self, uow: UnitOfWork, version: RuleVersion) -> None:
        self._version = version
        self._talk = remembered(uow, version.rules, self._newest)

    def _turn(self, uow: UnitOfWork, world: World, at: Instant, done: Iterable[Heard | Joined]) -> bool:
        """See the talk, and `done`, which is not logged yet, as the rules at `at` do; False when others hold since."""
        version = world.placed(at)
        if version is self._version or version.rules == self._version.rules:
            return True
        if version.active_from < self._version.active_from:
            return False
        self._begin(uow, version)
        for item in done:
            self._take(item, Answer())
        self._talk.take_turned()
        return True

    def _look_back(self, world: World, at: Instant, answer: Answer) -> None:
        """What came of earlier messages by one at `at`; not of those said under other rules."""
        for copy in self._talk.take_turned():
            if world.placed(copy.at) != world.placed(at):
                continue
            if copy.id in answer.verdicts:
                answer.verdicts[copy.id] = answer.verdicts[copy.id].turned(copy)
            else:
                answer.turned.append(copy)

    def _take(self, item: Heard | Joined, answer: Answer) -> bool:
        """False for what comes too late."""
        if isinstance(item, Joined):
            return self._talk.join(item)
        try:
            answer.verdicts[item.id] = self._talk.judge_next(item)
        except OutOfOrder:
            return False
        self._newest = max(self._newest, item.at)
        return True


def remembered(uow: UnitOfWork, rules: RuleSet, newest: Instant) -> Talk:
    """The talk of the log up to `newest`, its latest message, and the joins since."""
    since, close = newest - far(rules), newest - near(rules)
    talk = Talk(rules, deaf_spans(uow, since, END_OF_TIME))
    joins = joins_between(uow, since, END_OF_TIME)
    for item in in_order(_messages(uow, rules, (since, close, newest), joins), joins):
        if isinstance(item, Joined):
            talk.join(item)
        elif item.at <= close:
            talk.recall(item)
        else:
            talk.judge_next(item)
    talk.take_turned()
    return talk


def _messages(
    uow: UnitOfWork, rules: RuleSet, span: tuple[Instant, Instant, Instant], joins: Iterable[Joined]
) -> Iterator[Heard]:
    """What matters of the messages of a while, and all since `close`."""
    since, close, newest = span
    newcomers = {joined.member for joined in joins if joined.at <= close}
    early = {row.seq: row for row in uow.events.suspects_between(since, close)}
    early |= {row.seq: row for row in uow.events.messages_of(newcomers, since, close)}
    yield from sorted((heard(row, rules) for row in early.values()), key=_order)
    yield from (heard(row, rules) for row in uow.events.messages_between(close, newest))


def in_order(messages: Iterable[Heard], joins: Iterable[Joined]) -> Iterator[Heard | Joined]:
    """Both together; of one instant a join comes first."""
    return merge(joins, messages, key=_order)


def _order(item: Heard | Joined) -> tuple[Instant, bool, str]:
    return item.at, isinstance(item, Heard), item.id


def joins_between(uow: UnitOfWork, after: Instant, until: Instant) -> list[Joined]:
    return [Joined(*row) for row in uow.events.joins_between(after, until)]


def deaf_spans(uow: UnitOfWork, after: Instant, until: Instant) -> list[Deaf]:
    """The spans that touch (after, until), also those told of later."""
    spans = (Deaf(*span) for span in uow.events.deaf(END_OF_TIME))
    return [span for span in spans if span.end > after and span.start < until]


def longest_reach(world: World) -> Span:
    """How long anything said, joined or missed matters to verdicts after it, by any rules."""
    return max(far(version.rules) for version in world.versions)


def longest_ahead(world: World) -> Span:
    """How long anything said can still be changed by what is said after it, by any rules."""
    return max(ahead(version.rules) for version in world.versions)


def heard(row: ContextRow, rules: RuleSet) -> Heard:
    """A logged message as the context pass sees it. An advert of before scores were kept is one by its text."""
    ad = row.verdict == "ad" if row.score is None else row.score >= rules.advert.bar
    score = 1.0 if row.score is None and ad else row.score
    contact = bool(row.score) and any(check["name"] == CONTACT and check["hit"] for check in checks_of(row))
    body = (row.base or 0.0, ad, row.chain, score, contact)
    return Heard(row.at, row.id, row.member or "", row.group_id, row.sketch or b"", *body)


def checks_of(row: ContextRow) -> list[TextCheck]:
    """The checks kept with a message."""
    return orjson.loads(row.checks) if row.checks else []


def as_json(checks: Sequence[TextCheck]) -> str | None:
    return orjson.dumps(checks).decode() if checks else None


def is_valid(role: str, verdict: str, quality: float) -> bool:
    """RULEBOOK §0 "valid message"; withdrawal is looked at in the fold."""
    return not role and not verdict and quality > 0
