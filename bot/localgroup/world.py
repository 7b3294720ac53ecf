"""The state of the local group: who exists, who is where, who is a friend, what was said. Nothing here waits or calls.

A contact's id is what is written in the script (`小王`, `小王#2`), so that a restart finds the same people again; the
shown name is the part before `#`, so that two people can bear one name.
"""

from __future__ import annotations

import re
import secrets
from collections import OrderedDict
from dataclasses import dataclass, field

from bot.core.instants import Instant
from bot.errors import BadInput

ACCOUNT = "qunbiao"
ACCOUNT_NAME = "群标"
MENTION_SPACE = "\u2005"
_MOST_MESSAGES = 20_000
_AFTER_NAME = r"(?=[\s\u2005，。,.!！?？:：;；、]|$)"


@dataclass(slots=True)
class Contact:
    """A person, or the account itself."""

    id: str
    name: str
    friend: bool = False


@dataclass(slots=True)
class Group:
    """A group; `members` keeps the order of coming."""

    id: str
    name: str
    members: dict[str, None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Spoken:
    """One message, by a person, by the account, or (sender "weixin") a notice of WeChat's kind.

    kind: one of bot.core.events.MESSAGE_KINDS, or "notice", or "withdraw", whose text is the id taken back.
    """

    id: str
    at: Instant
    sender: str
    group: str | None
    to: str | None
    text: str
    kind: str = "text"
    mentions: tuple[str, ...] = ()


class World:
    """All people, groups and messages of one local group process."""

    def __init__(self) -> None:
        self.contacts: dict[str, Contact] = {ACCOUNT: Contact(ACCOUNT, ACCOUNT_NAME)}
        self.groups: dict[str, Group] = {}
        self.messages: OrderedDict[str, Spoken] = OrderedDict()
        # Ids must differ from those of an earlier run that stand in the database.
        self._run = secrets.token_hex(4)
        self._count = 0

    def new_id(self, what: str) -> str:
        """An id that no other thing of any run has."""
        self._count += 1
        return f"local-{what}-{self._run}-{self._count}"

    def contact(self, person: str) -> Contact:
        """The person written so, made when new. Raises BadInput for the account's own name, or a group's."""
        if person in (ACCOUNT, ACCOUNT_NAME):
            raise BadInput(f"不能以{ACCOUNT_NAME}的身份行动")
        if person in self.groups:
            raise BadInput(f"已有群叫「{person}」，换一个名字")
        return self.contacts.setdefault(person, Contact(person, person.split("#")[0]))

    def group(self, name: str) -> Group:
        """The group of this name, made when new, with only the account in it. Raises BadInput for a person's name."""
        if name in self.contacts:
            raise BadInput(f"已有人叫「{name}」，换一个群名")
        return self.groups.setdefault(name, Group(name, name, {ACCOUNT: None}))

    def is_in(self, group: str, person: str) -> bool:
        return person in self.groups[group].members

    def settle_in(self, group: str, person: str) -> None:
        """Put a person into a group as one who was always there: no join is told."""
        self.contact(person)
        self.groups[group].members.setdefault(person)

    def take_out(self, group: str, person: str) -> None:
        """Raises BadInput when the person is not there."""
        if not self.is_in(group, person):
            raise BadInput(f"{person} 不在群「{self.groups[group].name}」里")
        del self.groups[group].members[person]

    def record(self, spoken: Spoken) -> Spoken:
        """Keep a message, so that it can be asked for by id; the oldest are forgotten."""
        self.messages[spoken.id] = spoken
        if len(self.messages) > _MOST_MESSAGES:
            self.messages.popitem(last=False)
        return spoken

    def last_of(self, group: str, person: str) -> Spoken:
        """The person's latest message in the group that still stands. Raises BadInput when there is none."""
        taken_back = {m.text for m in self.messages.values() if m.kind == "withdraw"}
        for spoken in reversed(self.messages.values()):
            same = spoken.sender == person and spoken.group == group
            if same and spoken.kind != "withdraw" and spoken.id not in taken_back:
                return spoken
        raise BadInput(f"{person} 没有可以撤回的消息")

    def mentioned(self, group: str, text: str) -> tuple[str, ...]:
        """Ids of the group's members whose name stands after an @ in the text; of one name, the first who came."""
        if "@" not in text:
            return ()
        found: dict[str, str] = {}
        for person in self.groups[group].members:
            name = self.contacts[person].name
            if name not in found and re.search("@" + re.escape(name) + _AFTER_NAME, text):
                found[name] = person
        return tuple(found.values())
