"""The context pass: what a message is worth among its neighbours (repetition, flood), in event order.

In-order messages go through one `RepetitionWindow` that lives as long as the process. A message that comes late cannot:
it is judged for now by its text alone, and the stretch of time it disturbs is noted, to be judged again as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import orjson

from bot.core.instants import MINUTE, Instant
from bot.core.parts import Check, MessageParts
from bot.core.repetition import Heard, Judgement, OutOfOrder, RepetitionRules, RepetitionWindow
from storage.rows import ContextRow
from storage.unit_of_work import UnitOfWork

DISTURBED_FROM, DISTURBED_TO = "disturbed_from", "disturbed_to"


class Context:
    """The last minutes of talk, kept in step with the log even when another process writes to it."""

    def __init__(self, rules: RepetitionRules) -> None:
        self.rules = rules
        self._window = RepetitionWindow(rules)
        self._last_seq: int | None = None

    def catch_up(self, uow: UnitOfWork) -> None:
        """Take in what somebody else has written to the log since `settle`."""
        newest = uow.events.last_seq()
        if newest != self._last_seq and not self._go_on(uow, newest):
            self._start_again(uow)

    def _go_on(self, uow: UnitOfWork, newest: int) -> bool:
        """Follow another process that goes on talking; False when what it wrote does not follow what is known."""
        if self._last_seq is None or newest < self._last_seq:
            return False
        added = uow.events.messages_added(self._last_seq)
        try:
            for row in added or ():
                self._window.judge_next(heard(row))
        except OutOfOrder:
            return False
        return added is not None

    def _start_again(self, uow: UnitOfWork) -> None:
        self._window = RepetitionWindow(self.rules)
        last_at = uow.events.last_message_at()
        if last_at is not None:
            for row in uow.events.messages_between(last_at - reach(self.rules), last_at):
                self._window.judge_next(heard(row))

    def settle(self, uow: UnitOfWork) -> None:
        """Remember that the log is known up to here."""
        self._last_seq = uow.events.last_seq()

    def forget(self) -> None:
        """Start again from the log next time: the transaction was undone, or the log was changed."""
        self._last_seq = None
        self._window = RepetitionWindow(self.rules)

    def judge(self, messages: Sequence[Heard]) -> tuple[dict[str, Judgement], list[Heard]]:
        """Verdicts by message id, and the messages that came too late for the window."""
        verdicts: dict[str, Judgement] = {}
        late: list[Heard] = []
        for message in sorted(messages, key=lambda said: (said.at, said.id)):
            try:
                verdicts[message.id] = self._window.judge_next(message)
            except OutOfOrder:
                late.append(message)
        return verdicts, late


def reach(rules: RepetitionRules) -> int:
    """How far back a verdict may look, in microseconds."""
    return rules.repeat_minutes * MINUTE + RepetitionWindow.SLACK


def heard(row: ContextRow) -> Heard:
    """A logged message as repetition sees it; an advert stays one whatever stands around it."""
    ad = row.verdict == "ad"
    return Heard(row.at, row.id, row.member or "", row.group_id, row.sketch or b"", row.base or 0.0, ad, row.chain)


def verdict_of(ad: bool, judgement: Judgement | None) -> str:
    if ad:
        return "ad"
    return "flood" if judgement is not None and judgement.flood else ""


def checks_json(parts: MessageParts, judgement: Judgement | None, verdict: str) -> str | None:
    """All checks behind a verdict, passes included: an advert's are those of its text, a flood's those around it.

    So a verdict says the same whether its message came in time or late.
    """
    if verdict == "ad":
        return _as_json(parts.checks)
    return _as_json(judgement.checks) if judgement is not None and verdict else None


def _as_json(checks: Iterable[Check]) -> str:
    return orjson.dumps([check.as_dict() for check in checks]).decode()


def note_disturbed(uow: UnitOfWork, late: Iterable[Heard], rules: RepetitionRules) -> None:
    """Write down which stretch of the log must be judged again."""
    instants = [message.at for message in late]
    if instants:
        start, end = disturbed(uow) or (instants[0], instants[0])
        uow.deployment.put(DISTURBED_FROM, str(min(start, *instants)))
        uow.deployment.put(DISTURBED_TO, str(max(end, *(at + rules.repeat_minutes * MINUTE for at in instants))))


def disturbed(uow: UnitOfWork) -> tuple[Instant, Instant] | None:
    """The stretch of the log that late messages have disturbed, if any."""
    start, end = uow.deployment.get(DISTURBED_FROM), uow.deployment.get(DISTURBED_TO)
    return None if start is None or end is None else (int(start), int(end))


def rejudge(uow: UnitOfWork, rules: RepetitionRules, most: int = 5000) -> tuple[dict[str, Instant], bool]:
    """Judge the next `most` messages of the disturbed stretch again.

    Returns the earliest changed instant by member, and whether there is more to do. What is left stays noted, so that
    each call may be a transaction of its own.
    """
    stretch = disturbed(uow)
    if stretch is None:
        return {}, False
    start, end = stretch
    rows = uow.events.messages_between(start - reach(rules), end)
    slice_ = _Slice(start, most, RepetitionWindow(rules))
    for changes in chunked(slice_.changes(rows)):
        uow.events.amend([change[1:] for change in changes])
        slice_.note(changes)
    if slice_.stopped_at is not None:
        uow.deployment.put(DISTURBED_FROM, str(slice_.stopped_at))
        return slice_.earliest, True
    for key in (DISTURBED_FROM, DISTURBED_TO):
        uow.deployment.delete(key)
    return slice_.earliest, False


Change = tuple[tuple[str, Instant], str, float, str, bool, str | None]


class _Slice:
    """One pass over a part of the stretch. `stopped_at`: the instant from which the next part goes on."""

    def __init__(self, start: Instant, most: int, window: RepetitionWindow) -> None:
        self.start, self.most, self.window = start, most, window
        self.stopped_at: Instant | None = None
        self.earliest: dict[str, Instant] = {}

    def changes(self, rows: Iterable[ContextRow]) -> Iterator[Change]:
        judged, last = 0, self.start
        for row in rows:
            if judged >= self.most and row.at > last:
                self.stopped_at = row.at
                return
            change = _changed(row, self.window.judge_next(heard(row)))
            if row.at >= self.start:
                judged, last = judged + 1, row.at
                if change is not None:
                    yield change

    def note(self, changes: Iterable[Change]) -> None:
        for (member, at), *_ in changes:
            self.earliest[member] = min(at, self.earliest.get(member, at))


def _changed(row: ContextRow, judgement: Judgement) -> Change | None:
    """A flood is written again even if it stays one: how many messages it counts may be new."""
    verdict = verdict_of(row.verdict == "ad", judgement)
    if judgement.q == row.quality and verdict == row.verdict and verdict != "flood":
        return None
    checks = _as_json(judgement.checks) if verdict == "flood" else None
    valid = is_valid(row.role, verdict, judgement.q)
    return (row.member or "", row.at), row.id, judgement.q, verdict, valid, checks


def chunked(changes: Iterable[Change], size: int = 500) -> Iterator[list[Change]]:
    source = iter(changes)
    while chunk := list(islice(source, size)):
        yield chunk


def is_valid(role: str, verdict: str, quality: float) -> bool:
    """RULEBOOK §0 "valid message"; withdrawal is looked at in the fold."""
    return not role and not verdict and quality > 0
