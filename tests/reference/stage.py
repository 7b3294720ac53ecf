"""The life-cycle table of RULEBOOK §3, row by row."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from tests.reference.log import ACTS, DAY, Log

ORDER = ("成熟期", "流失", "衰退期", "休眠", "成长期", "沉默期")
UNPROTECTED = {"成熟期", "流失", "衰退期"}
AT_ONCE = {"join", "refund", "order"}


@dataclass(slots=True)
class Stage:
    name: str
    since: datetime
    changed: datetime | None  # None: only joined so far


def rows(log: Log, m: str, t: datetime, now: Stage, interacted: bool) -> Iterator[str]:  # noqa: C901  (one branch per table row, read beside the RULEBOOK)
    """Every stage a row leads to at ``t``."""
    orders, w, silent = log.orders(m, t), log.weekly(m, t), log.silence(m, t)
    joined, _ = log.joined(m, t)
    assert joined is not None
    fresh = bool(orders) and t - orders[-1][0] < 90 * DAY
    said = log.valid(m, t)
    weeks = [sum(t - (k + 7) * DAY < at <= t - k * DAY for at in said) for k in (0, 7)]
    stage, here = now.name, t - now.since
    if len(orders) >= 3 and fresh:
        yield "成熟期"
    if stage == "引入期" and t - joined >= 7 * DAY:
        yield "沉默期"
    if stage in ("引入期", "沉默期", "休眠") and w >= 3:
        yield "成长期"
    if stage == "成长期" and max(weeks) < 3:
        yield "沉默期"
    if stage == "成熟期" and orders and not fresh:
        yield "休眠"
    if stage == "成熟期" and len(orders) < 3:
        yield "成长期" if w >= 3 else "沉默期"
    if stage in ("引入期", "沉默期", "成长期") and silent >= 30 * DAY:
        yield "衰退期"
    if stage == "休眠" and silent >= 30 * DAY and here >= 30 * DAY:
        yield "衰退期"
    if stage == "衰退期" and silent >= 60 * DAY and here >= 30 * DAY:
        yield "流失"
    if stage in ("衰退期", "流失") and interacted:
        yield "成长期" if w >= 3 else "沉默期"


def step(log: Log, m: str, t: datetime, now: Stage, interacted: bool) -> Stage:
    held = now.changed is not None and t - now.changed < 3 * DAY
    free = interacted and now.name in ("衰退期", "流失")
    wanted = {s for s in rows(log, m, t, now, interacted) if s != now.name and (not held or free or s in UNPROTECTED)}
    for name in ORDER:
        if name in wanted:
            return Stage(name, t, t)
    return now


def history(log: Log, m: str, end: datetime) -> Iterator[tuple[datetime, Stage]]:
    """Every stage the member was in, joining first."""
    joined, inferred = log.joined(m, end)
    if joined is None:
        return
    now = Stage("沉默期" if inferred else "引入期", joined, None)
    yield joined, now
    for t, event in _occasions(log, m, end):
        if t < joined:
            continue
        acts = event == "act"
        if acts and now.name not in ("衰退期", "流失"):
            continue
        after = step(log, m, t, now, acts or event == "order")
        if after is not now:
            now = after
            yield t, now


def _occasions(log: Log, m: str, end: datetime) -> list[tuple[datetime, str]]:
    """Daily evaluations and the events that are evaluated at once; at one instant the event goes first."""
    found = [(t, "~daily") for t in log.evaluations(m, end)]
    told = log.own(m, end, "join", "order", "refund", *ACTS)
    found += [(e.at, e.type if e.type in AT_ONCE else "act") for e in told]
    said = {e.at for e in log.own(m, end, "message")}
    found += [(at, "act") for at in sorted(said) if at in log.valid(m, at) or at in log.checkins(m, at)]
    return sorted(found)
