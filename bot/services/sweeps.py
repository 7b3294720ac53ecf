"""Sweeps: bringing everybody to an instant, page by page, and telling who was flagged since the sweep before."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.core.instants import Instant
from bot.core.journal import Plan
from bot.core.world import World
from bot.errors import Refused
from bot.services import tagging
from storage.rows import FlagRow, StageChangeRow, SweepRow
from storage.unit_of_work import UnitOfWork

PAGE = 200
KINDS = ("new", "dormant", "disruptive")
UNDERWAY = "sweep_underway"
"""Deployment key: instant and begin of a sweep that is not finished."""


@dataclass(slots=True)
class Swept:
    """What a sweep to `as_of` found since `previous` (None: from the first event)."""

    as_of: Instant
    previous: Instant | None
    flagged: Mapping[str, Sequence[str]]
    moves: list[StageChangeRow] = field(default_factory=list)
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class Begun:
    """The sweep before this one, and the clock's time that goes into the records."""

    last: SweepRow | None
    now: Instant
    repeated: bool = False


def begin(uow: UnitOfWork, as_of: Instant, now: Instant) -> Begun:
    """Check the instant and note that a sweep to it is under way. An earlier instant is refused.

    A sweep that was cut off is taken up again where it stopped, under the `now` it began with.
    """
    last = uow.sweeps.last()
    underway = _underway(uow)
    bars = [one for one in (last.as_of if last else None, underway[0] if underway else None) if one is not None]
    if bars and as_of < max(bars):
        raise Refused("不能倒退：上一次 sweep 的时间更晚")
    if last is not None and as_of == last.as_of:
        return Begun(last, now, repeated=True)
    if underway is not None and underway[0] == as_of:
        now = underway[1]
    uow.deployment.put(UNDERWAY, f"{as_of}:{now}")
    _note_deafness(uow, last, as_of)
    return Begun(last, now)


def _underway(uow: UnitOfWork) -> tuple[Instant, Instant] | None:
    noted = uow.deployment.get(UNDERWAY)
    if noted is None:
        return None
    as_of, _, begun = noted.partition(":")
    return int(as_of), int(begun)


def _note_deafness(uow: UnitOfWork, last: SweepRow | None, as_of: Instant) -> None:
    """Deaf spans told since the last sweep that reach back behind it change what was folded then."""
    if last is None:
        return
    known = set(uow.events.deaf(last.as_of))
    news = [start for start, *rest in uow.events.deaf(as_of) if (start, *rest) not in known]
    if news and min(news) < last.as_of:
        uow.rollups.mark_all_late(min(news))


def page(uow: UnitOfWork, after: str | None, size: int = PAGE) -> list[str]:
    """The next members, in id order."""
    return [row.member for row in uow.members.page(after, size)]


def waiting(uow: UnitOfWork, as_of: Instant, after: str | None, size: int = PAGE) -> list[str]:
    """The next members to bring to `as_of`, in id order: of all others nothing was heard, and nothing can change."""
    return uow.rollups.awake(as_of, after, size)


def bring_page(uow: UnitOfWork, members: Sequence[str], world: World, as_of: Instant, now: Instant) -> list[Plan]:
    return tagging.bring(uow, members, world, as_of, now)


def finish(uow: UnitOfWork, as_of: Instant, previous: Instant | None, now: Instant) -> Swept:
    """Write the sweep down."""
    uow.sweeps.add(SweepRow(as_of, previous, {}, now))
    uow.deployment.delete(UNDERWAY)
    flagged = flags_by_kind(uow.flags.between(previous, as_of))
    return Swept(as_of, previous, flagged, uow.stages.between(previous, as_of))


def again(uow: UnitOfWork, last: SweepRow) -> Swept:
    """The same instant once more changes nothing; its flags are still those of its instant."""
    flagged = flags_by_kind(uow.flags.between(last.previous, last.as_of))
    return Swept(last.as_of, last.previous, flagged, repeated=True)


def flags_by_kind(rows: Iterable[FlagRow]) -> dict[str, list[str]]:
    """Member ids by kind of flag, each once, in id order."""
    found: dict[str, set[str]] = {kind: set() for kind in KINDS}
    for row in rows:
        found[row.kind].add(row.member)
    return {kind: sorted(members) for kind, members in found.items()}


def as_record(swept: Swept, planned: Sequence[Mapping[str, Any]], iso: Any) -> dict[str, Any]:
    """The JSON document of CONTRACT `sweep --json`; `iso` writes an instant in the group's zone."""
    changes = [
        {"member": row.member, "from": row.from_stage, "to": row.to_stage, "at": iso(row.at)} for row in swept.moves
    ]
    flagged = {kind: list(swept.flagged.get(kind, ())) for kind in KINDS}
    return {"as_of": iso(swept.as_of), "flagged": flagged, "stage_changes": changes, "planned": list(planned)}
