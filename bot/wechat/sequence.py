"""The order in which people spoke, restored where a gateway loses it. No clock and no I/O: instants are passed in.

As long as a gateway keeps order, nothing waits. The first message that comes behind a later one of its group shows that
this gateway does not; from then on, for a while, what happens in groups waits a moment for what happened before it.
Comings, goings and withdrawals wait as messages do: told at once they would overtake what was said before them, or push
out what is held while something older is still on its way. Direct chats never wait.
"""

from __future__ import annotations

from bisect import insort
from collections import defaultdict
from dataclasses import dataclass, field

from bot.core.instants import SECOND, Instant
from bot.ports import ConnectionHeard, GroupLeft, Heard, JoinHeard, LeaveHeard, MessageHeard, WithdrawHeard

WINDOW = 0.2
"""Seconds for which what happened in a group waits for what happened before it."""
REMEMBERED = 600.0
"""Seconds for which a gateway counts as one that loses order."""
MOST_HELD = 200
"""How many of one group wait at most; beyond that the earliest goes."""
_A_LITTLE = 10 * SECOND
"""What is earlier by more than this is an old message told again, or a clock set back: no question of order."""

Happening = MessageHeard | JoinHeard | LeaveHeard | WithdrawHeard
"""What bears the platform's own time; everything else is as of now."""


@dataclass(frozen=True, slots=True, order=True)
class _Waiting:
    at: Instant
    number: int
    until: float = field(compare=False)
    heard: Happening = field(compare=False)


class Sequence:
    """Everything heard goes in by `take` and comes out, at once or later, from `take`, `due` or `rest`.

    `now` is in seconds of a clock that is never set (the event loop's): a wall clock's jump would hold messages back.
    """

    def __init__(self) -> None:
        self._held: dict[str, list[_Waiting]] = {}
        self._latest: dict[str, Instant] = defaultdict(int)
        self._number = 0
        self._wary_until = float("-inf")

    def take(self, heard: Heard, now: float) -> list[Heard]:
        """What may be told now that this is heard, in order."""
        match heard:
            case ConnectionHeard():
                return [*self.rest(), heard]
            case GroupLeft():
                return [*self._release(heard.group), heard]
            case MessageHeard() | JoinHeard() | LeaveHeard() | WithdrawHeard() if heard.group is not None:
                return self._happened(heard.group, heard, now)
            case _:
                return [heard]

    def _happened(self, group: str, heard: Happening, now: float) -> list[Heard]:
        if isinstance(heard, MessageHeard):
            self._watch(group, heard.at, now)
        if now >= self._wary_until and group not in self._held:
            return [heard]
        return self._hold(group, heard, now)

    def _watch(self, group: str, at: Instant, now: float) -> None:
        """Notice a message that comes behind a later one."""
        latest = self._latest[group]
        if 0 < latest - at <= _A_LITTLE:
            self._wary_until = now + REMEMBERED
        else:
            self._latest[group] = at

    def _hold(self, group: str, heard: Happening, now: float) -> list[Heard]:
        self._number += 1
        held = self._held.setdefault(group, [])
        insort(held, _Waiting(heard.at, self._number, now + WINDOW, heard))
        return [held.pop(0).heard] if len(held) > MOST_HELD else []

    def due(self, now: float) -> list[Heard]:
        """Those that have waited long enough, each behind what was said before it in its group."""
        told: list[Heard] = []
        for group, held in list(self._held.items()):
            waited = [number for number, one in enumerate(held, 1) if one.until <= now]
            if waited:
                told += self._release(group, waited[-1])
        return told

    def _release(self, group: str, count: int | None = None) -> list[Happening]:
        held = self._held.get(group, [])
        told = [one.heard for one in held[:count]]
        del held[:count]
        if not held:
            self._held.pop(group, None)
        return told

    def rest(self) -> list[Heard]:
        """Everything that waits."""
        return [heard for group in list(self._held) for heard in self._release(group)]

    def next_due(self) -> float | None:
        """When the first of those that wait has waited long enough."""
        return min((one.until for held in self._held.values() for one in held), default=None)
