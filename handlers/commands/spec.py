"""What a chat command is, and how one is carried out: rights by contact id, usage for a bad argument, audit of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.core.events import Event
from bot.core.instants import Instant
from bot.core.world import World
from bot.errors import Refused
from bot.ports import Address, MessageHeard
from bot.services import lookup, outreach, people, roles
from bot.services.asking import Said
from bot.services.passes import Line
from config.messages import Block, one_line
from handlers.house import House
from storage.rows import EMPTY, AuditRow, MemberRow
from storage.unit_of_work import UnitOfWork

ADMIN = "admin"
"""Kind of the answers to people with a role: never held back by a cap."""
LONGEST_ARGUMENT = 200
"""Characters of the arguments that go into the audit."""


class Misused(Refused):
    """The arguments cannot be used; str() says what is wrong, the usage is added."""


@dataclass(slots=True)
class Asked:
    """One command as somebody gave it, and what it has brought about so far.

    kind: that of its answers, which caps count by. facts: are recorded after the command. subject: the member it is
    about, for the audit.
    """

    uow: UnitOfWork
    house: House
    heard: MessageHeard
    event: Event
    word: str
    args: str = ""
    kind: str = "command"
    facts: list[Event] = field(default_factory=list)
    subject: str | None = None

    @property
    def actor(self) -> str:
        return self.heard.sender.id

    @property
    def direct(self) -> bool:
        return self.heard.group is None

    @property
    def now(self) -> Instant:
        return self.house.now()

    @property
    def said(self) -> Said:
        return Said(self.event.id, self.event.at, self.actor, self.heard.group, self.heard.text)

    def world(self) -> World:
        return self.house.world(self.uow, self.now)

    def text(self, key: str, **params: str | int) -> str:
        return self.house.messages.text(key, **params)

    def may(self, needed: str) -> bool:
        """Whether the asker's role reaches `needed` now."""
        return roles.may(self.uow, self.actor, self.now, needed)

    def reply(self, text: str, *, named: bool = True) -> None:
        """A short answer where the command was given; in a group it mentions the asker unless `named` is False, or he
        asked to be forgotten."""
        self._say(self.said.place, text, "", named and people.nameless(self.uow, self.actor) == self.actor)

    def reply_directly(self, text: str, page: Line | None = None) -> None:
        """A long or personal answer: to the asker's direct chat; who has none is told how to get one. A `page` is told
        below it."""
        if self.direct:
            self._say(self.said.place, text, "", people.nameless(self.uow, self.actor) == self.actor, page)
        elif self._is_friend():
            self._say(Address("direct", self.actor), text, ":direct", True, page)
            if self.kind == ADMIN:
                self.reply(self.text("command.sent_directly"))
        else:
            self.reply(self.text("command.add_me"))

    def whisper(self, text: str) -> None:
        """Directly or not at all."""
        if self.direct or self._is_friend():
            self._say(Address("direct", self.actor), text, "", True)

    def confirm(self, text: str) -> None:
        """Tell what was done: in full directly; a group hears nothing that names a person's tags or standing."""
        self.reply(text if self.direct else self.text("admin.done"))

    def fact(self, type_: str, member: str, body: dict[str, Any]) -> None:
        """A fact that follows from the command; its id is derived from the message's."""
        self.facts.append(Event(type_, f"{self.event.id}#{type_}", self.event.at, member, self.heard.group, body))

    def member(self, words: str) -> MemberRow:
        """The one member the words mean; the command is about him. Raises Misused, with the candidates' ids."""
        if not (words.strip() or self.heard.mentions):
            raise Misused
        found = lookup.find(self.uow, words, self.heard.mentions)
        if not found:
            raise Misused(self.text("admin.nobody", name=words))
        if len(found) > 1:
            raise Misused(self.text("admin.several", name=words, members=_candidates(found)))
        self.subject = found[0].member
        return found[0]

    def _is_friend(self) -> bool:
        known = self.uow.members.get(self.actor)
        return known is not None and known.is_friend

    def _say(self, to: Address, text: str, part: str, named: bool, page: Line | None = None) -> None:
        in_group = to.kind == "group"
        outreach.reply(
            self.uow,
            key=f"reply:{self.event.id}{part}",
            kind=self.kind,
            to=to,
            text=text if page is None else page.below(text),
            now=self.now,
            member=self.actor if named else None,
            group=to.id if in_group else None,
            mentions=(self.actor,) if in_group and named else (),
            account=None if in_group else self.house.status.account,
            cause=EMPTY if page is None else page.cause,
        )


@dataclass(frozen=True, slots=True)
class Command:
    """One chat command. `word` as typed, admins' with "#"; `name` is its key among the usages; `needs` the role.

    run: reads its arguments first (raises Misused), then acts. audited: whether each use is written down. kind: that of
    its answers; an admin's are always given.
    """

    word: str
    name: str
    run: Callable[[Asked], None]
    needs: str | None = None
    audited: bool = True
    kind: str = "command"


def carry_out(command: Command, asked: Asked) -> list[Event]:
    """Run a command if the asker may; who may not hears nothing in the group. Both are audited."""
    asked.kind = command.kind if command.needs is None else ADMIN
    if command.needs is not None and not asked.may(command.needs):
        audit(asked, allowed=False)
        _refuse(asked, command.needs)
        return []
    result = _run(command, asked)
    if command.audited:
        audit(asked, result=result)
    return asked.facts


def _run(command: Command, asked: Asked) -> str:
    """What became of it; a command that is refused brings no facts about, and leaves nothing half done."""
    try:
        with asked.uow.all_or_nothing():
            command.run(asked)
    except Misused as misuse:
        asked.facts.clear()
        asked.reply(f"{misuse}\n{usage(asked, command)}" if str(misuse) else usage(asked, command))
        return "用法不对"
    except Refused as refusal:
        asked.facts.clear()
        asked.reply(str(refusal))
        return "未执行"
    return "完成"


def _refuse(asked: Asked, needs: str) -> None:
    """Silence in the group; directly a word, also to somebody with a lower role who asked in a group."""
    if asked.direct or roles.held(asked.uow, asked.actor, asked.now):
        asked.whisper(asked.text("admin.not_allowed", role=needs))


def usage(asked: Asked, command: Command) -> str:
    """How the command is written."""
    return asked.text("admin.usage", usage=Block(asked.text(f"usage.{command.name}")))


def audit(asked: Asked, *, allowed: bool = True, result: str = "") -> None:
    """Write down who tried what about whom."""
    detail = {"参数": asked.args[:LONGEST_ARGUMENT], "群": asked.heard.group, "结果": result}
    kept = {key: value for key, value in detail.items() if value}
    actor = people.nameless(asked.uow, asked.actor)
    subject = actor if asked.subject == asked.actor else asked.subject
    asked.uow.audit.add(AuditRow(asked.now, actor, asked.word, subject, kept, allowed))


def shown(row: MemberRow) -> str:
    """A member's name as it may stand in a reply; who has none is shown by id."""
    return one_line(row.name) or one_line(row.member)


def _candidates(found: list[MemberRow]) -> Block:
    lines = [f"{shown(row)}：{row.member}" for row in found[: lookup.MOST]]
    more = len(found) - len(lines)
    return Block("\n".join(lines + ([f"…还有 {more} 位"] if more > 0 else [])))
