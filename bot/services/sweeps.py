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


@dataclass(slots=True)
class Swept:
    """What a sweep to `as_of` found since `previous` (None: from the first event)."""

    as_of: Instant
    previous: Instant | None
    flagged: Mapping[str, Sequence[str]]
    moves: list[StageChangeRow] = field(default_factory=list)
    repeated: bool = False


def begin(uow: UnitOfWork, as_of: Instant) -> SweepRow | None:
    """The sweep before, checked: an earlier instant is refused. A row of the same instant means: nothing to do."""
    last = uow.sweeps.last()
    if last is not None and as_of < last.as_of:
        raise Refused("不能倒退：上一次 sweep 的时间更晚")
    return last


def page(uow: UnitOfWork, after: str | None) -> list[str]:
    """The next members to bring, in id order."""
    return [row.member for row in uow.members.page(after, PAGE)]


def bring_page(uow: UnitOfWork, members: Sequence[str], world: World, as_of: Instant, now: Instant) -> list[Plan]:
    return tagging.bring(uow, members, world, as_of, now)


def finish(uow: UnitOfWork, as_of: Instant, previous: Instant | None, now: Instant) -> Swept:
    """Write the sweep down; its flags stay those of its instant."""
    flagged = flags_by_kind(uow.flags.between(previous, as_of))
    uow.sweeps.add(SweepRow(as_of, previous, flagged, now))
    return Swept(as_of, previous, flagged, uow.stages.between(previous, as_of))


def again(last: SweepRow) -> Swept:
    """The same instant once more changes nothing."""
    return Swept(last.as_of, last.previous, last.flagged, repeated=True)


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
