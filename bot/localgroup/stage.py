"""The local group as a page shows it: what was said and done, numbered, and a way to play a line more.

It is the same group, and the same player, that the terminal has.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any

from bot.core.instants import Instant
from bot.errors import BadInput
from bot.localgroup.group import LocalGroup
from bot.localgroup.player import Player
from bot.localgroup.script import KINDS, parse
from bot.localgroup.world import ACCOUNT, MENTION_SPACE, Spoken

KEPT = 500
"""Lines of the conversation that are kept for looking back."""
LONGEST = 1000
_SHOWN = {kind: word for word, kind in KINDS.items()}


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the conversation. who: "" for what happened; group and to: where it was said, to whom directly."""

    number: int
    at: Instant
    who: str
    text: str
    by_bot: bool = False
    group: str | None = None
    to: str | None = None


class Stage:
    """Keeps the conversation of a local group. `say` is also given each deed's line, as the terminal shows it."""

    def __init__(self, group: LocalGroup, say: Callable[[str], None]) -> None:
        self._group = group
        self._say = say
        self._entries: deque[Entry] = deque(maxlen=KEPT)
        self._count = 0
        self.player: Player | None = None
        """Carries out lines; set as soon as there is one."""
        group.watch(self._spoken)

    def on_line(self, line: str) -> None:
        """Hear a line of the player's; what is said comes by itself, with its place."""
        self._say(line)
        if line.startswith("（"):
            self._add("", line, group=self._group.current)

    def _spoken(self, spoken: Spoken) -> None:
        if spoken.kind == "withdraw":
            return
        text = spoken.text.replace(MENTION_SPACE, " ")
        told = text if spoken.kind in ("text", "notice") else _SHOWN.get(spoken.kind, spoken.kind)
        known = self._group.world.contacts.get(spoken.sender)
        who = "" if spoken.kind == "notice" or known is None else known.id
        by_bot = spoken.sender == ACCOUNT
        self._add(known.name if by_bot and known is not None else who, told, by_bot, spoken.group, _other(spoken))

    def _add(self, who: str, text: str, by_bot: bool = False, group: str | None = None, to: str | None = None) -> None:
        self._count += 1
        self._entries.append(Entry(self._count, self._group.clock.now(), who, text, by_bot, group, to))

    def since(self, number: int) -> list[dict[str, Any]]:
        """What came after the entry `number`, oldest first."""
        return [asdict(entry) for entry in self._entries if entry.number > number]

    def state(self) -> dict[str, Any]:
        """Who there is, who of them is in the group that is open, and which groups there are."""
        world, current = self._group.world, self._group.current
        people = [
            {"id": one.id, "friend": one.friend, "here": world.is_in(current, one.id)}
            for one in world.contacts.values()
            if one.id != ACCOUNT
        ]
        return {"people": people, "groups": list(world.groups), "group": current, "now": self._group.clock.now()}

    async def play(self, line: str) -> str:
        """Play a line of the group's language, and wait until the bot has dealt with it. Returns why it cannot be
        played, "" when it was."""
        assert self.player is not None
        if len(line) > LONGEST:
            return f"一行最多 {LONGEST} 个字"
        try:
            action = parse(line, 1)
            if action is not None:
                await self.player.begin()
                await self.player.do(action)
        except BadInput as refusal:
            return str(refusal).removeprefix("第 1 行：")
        return ""


def _other(spoken: Spoken) -> str | None:
    """The person at the other end of a direct chat."""
    if spoken.group is not None:
        return None
    return spoken.to if spoken.sender == ACCOUNT else spoken.sender
