"""The context pass: what a message is worth among its neighbours (repetition, flood), in event order.

In-order messages go through one `RepetitionWindow` that lives as long as the process. A message that comes late cannot:
it is judged for now by its text alone, and the stretch of time it disturbs is noted, to be judged again as a whole.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import orjson

from bot.core.instants import MINUTE, Instant
from bot.core.parts import MessageParts
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
        """Start again from the log when somebody else has written to it since `settle`."""
        newest = uow.events.last_seq()
        if newest == self._last_seq:
            return
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


def checks_json(parts: MessageParts | None, judgement: Judgement | None) -> str | None:
    """All checks behind a verdict, passes included."""
    own = parts.checks if parts is not None else ()
    around = judgement.checks if judgement is not None else ()
    return orjson.dumps([check.as_dict() for check in (*own, *around)]).decode()


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


def rejudge(uow: UnitOfWork, rules: RepetitionRules) -> dict[str, Instant]:
    """Judge the disturbed stretch again. Returns the earliest changed instant by member."""
    stretch = disturbed(uow)
    if stretch is None:
        return {}
    rows = uow.events.messages_between(stretch[0] - reach(rules), stretch[1])
    changed = _rejudged(rows, stretch[0], RepetitionWindow(rules))
    uow.events.amend([change[1:] for change in changed])
    for key in (DISTURBED_FROM, DISTURBED_TO):
        uow.deployment.delete(key)
    return _earliest((member, at) for (member, at), *_ in changed)


Change = tuple[tuple[str, Instant], str, float, str, bool, str | None]


def _rejudged(rows: Iterable[ContextRow], start: Instant, window: RepetitionWindow) -> list[Change]:
    changes: list[Change] = []
    for row in rows:
        judgement = window.judge_next(heard(row))
        verdict = verdict_of(row.verdict == "ad", judgement)
        if row.at < start or (judgement.q == row.quality and verdict == row.verdict):
            continue
        valid = is_valid(row.role, verdict, judgement.q)
        checks = checks_json(None, judgement) if verdict == "flood" else None
        changes.append(((row.member or "", row.at), row.id, judgement.q, verdict, valid, checks))
    return changes


def is_valid(role: str, verdict: str, quality: float) -> bool:
    """RULEBOOK §0 "valid message"; withdrawal is looked at in the fold."""
    return not role and not verdict and quality > 0


def _earliest(pairs: Iterable[tuple[str, Instant]]) -> dict[str, Instant]:
    found: dict[str, Instant] = {}
    for member, at in pairs:
        found[member] = min(at, found.get(member, at))
    return found

