"""The echo of the bot's own messages: WeChat tells an account what it has said, and silence where an echo is due means
that a message never went out, whatever the gateway answered.

Whether a puppet echoes is learned anew at each login, from the first echo of a message of ours; until then, and where
none ever comes, nothing is concluded. Nor is anything while nothing else is heard: a gateway that hangs, or an ear that
is behind, brings echoes late. Kept in memory: what a restart forgets is no ground for anything.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, replace

from bot.core.attachments import KINDS
from bot.core.instants import SECOND, Instant
from bot.ports import EchoHeard
from storage.rows import OutboxRow

WITHIN = 60 * SECOND
IN_A_ROW = 3
"""So many missing, of which none was sent before one that was echoed, are a refusal."""
EARLY, LATE = 50, 50
"""Echoes that came before their message was known to be sent, and missing ones that may still come: kept at most."""
OPENING = 20
"""Characters by which a message is known again where its echo bears another id."""


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that the gateway took. counts_by_echo: it has no effect before its echo has come. number: its place
    among all that were sent."""

    row: OutboxRow
    platform_id: str
    until: Instant
    counts_by_echo: bool = False
    missing: bool = False
    number: int = 0

    def bears(self, echo: EchoHeard) -> bool:
        """Whether the echo has the id that the gateway gave."""
        return bool(self.platform_id) and self.platform_id == echo.id

    def reads_like(self, echo: EchoHeard) -> bool:
        """Whether it is the same place, and the same words, which a mention may stand before; of what is no text, the
        same kind."""
        opening = self.row.text.strip()[:OPENING]
        here = (self.row.to_kind, self.row.to_id) == (echo.to.kind, echo.to.id)
        if self.row.kind in KINDS or echo.kind != "text":
            return here and echo.kind == self.row.kind
        return here and bool(opening) and opening in echo.text


class Echoes:
    """What was sent and waits for its echo. expected: this login has shown that its puppet echoes.

    Some puppets give a message one id and its echo another; where ids are once seen to agree, wording is no proof.
    """

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Another connection: echoes of what was sent before it will not come."""
        self.expected = False
        self._waiting: list[Sent] = []
        self._arrived: list[Sent] = []
        self._early: deque[EchoHeard] = deque(maxlen=EARLY)
        self._late: deque[Sent] = deque(maxlen=LATE)
        self._ids_agree = False
        self._heard: Instant = 0
        self._count = self._echoed = 0
        self._missing: list[int] = []

    def listen(self, now: Instant) -> None:
        """Something was heard: what was to be heard before has been."""
        self._heard = now

    def send(self, sent: Sent) -> None:
        """A message was taken by the gateway; its echo may have come before."""
        self._count += 1
        sent = replace(sent, number=self._count)
        echo = next((one for one in self._early if self._find(one, [sent])), None)
        if echo is None:
            self._waiting.append(sent)
        else:
            self._early.remove(echo)
            self._arrive(sent)

    def hear(self, echo: EchoHeard) -> bool:
        """An own message was told of; whether something must be done about it."""
        sent = self._find(echo, [*self._waiting, *self._late])
        if sent is None:
            self._early.append(echo)
            return False
        (self._late if sent.missing else self._waiting).remove(sent)
        self._arrive(sent)
        return sent.counts_by_echo or sent.missing

    def _find(self, echo: EchoHeard, among: list[Sent]) -> Sent | None:
        same = next((sent for sent in among if sent.bears(echo)), None)
        self._ids_agree |= same is not None
        alike = () if self._ids_agree else among
        return same or next((sent for sent in alike if sent.reads_like(echo)), None)

    def _arrive(self, sent: Sent) -> None:
        self.expected, self._echoed = True, max(self._echoed, sent.number)
        self._arrived.append(sent)

    def arrived(self) -> list[Sent]:
        """Take out the messages whose echo has come."""
        taken, self._arrived = self._arrived, []
        return taken

    def overdue(self) -> list[Sent]:
        """Take out those whose echo is missing; where none is expected there are none."""
        over = [sent for sent in self._waiting if sent.until <= self._heard]
        self._waiting = [sent for sent in self._waiting if sent.until > self._heard]
        if not self.expected:
            return []
        self._late.extend(replace(sent, missing=True) for sent in over)
        self._missing += [sent.number for sent in over]
        return over

    def refused(self) -> bool:
        """Whether so many are missing in a row that nothing more should be sent; asked once, it is counted anew."""
        self._missing = [number for number in self._missing if number > self._echoed]
        if len(self._missing) < IN_A_ROW:
            return False
        self._missing = []
        return True
