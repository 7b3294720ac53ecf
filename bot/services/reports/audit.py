"""The quarterly audit of closely kept tags (RULEBOOK §8): who holds them, on what ground, why, and when last used."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.facts import Facts
from bot.core.instants import Instant, iso, to_datetime
from bot.core.rules.catalogue import IMPORT, MANUAL, purposes
from bot.core.world import World
from bot.services import tagging
from bot.services.reports.people import ids, told
from bot.services.uses import last_uses
from storage.unit_of_work import UnitOfWork

PAGE = 200
BY_NOTICE = (("behaviour",), ("spending",))
"""Grounds that hold after notice until the member objects."""
WORDS = {
    "quarter": "季度",
    "tags": "敏感与核心标签",
    "path": "标签",
    "sensitivity": "敏感度",
    "holders": "持有人数",
    "ground": "依据",
    "uncovered": "缺依据",
    "necessity": "必要性",
    "impact": "影响",
    "measures": "措施",
    "last_use": "最后使用",
    "findings": "发现的问题",
    "finding": "问题",
    "count": "人数",
}


@dataclass(frozen=True, slots=True)
class Standards:
    """What the configuration says: how closely a tag is kept, its assessment, and what no tag may be about."""

    paths: tuple[str, ...]
    sensitivity: Callable[[str], str]
    assessment: Callable[[str], Mapping[str, str]]
    screened: Callable[[str, str], str | None]


@dataclass(slots=True)
class _Held:
    """Counted over all members: holders of a path, and those among them without its ground."""

    holders: Counter[str] = field(default_factory=Counter)
    uncovered: Counter[str] = field(default_factory=Counter)
    touching: Counter[tuple[str, str]] = field(default_factory=Counter)

    def take(self, facts: Facts, screened: Callable[[str, str], str | None]) -> None:
        for path in {path for path, _ in facts.tags}:
            self.holders[path] += 1
            self.uncovered[path] += not covered(facts, path)
        for (path, value), held in facts.tags.items():
            touched = screened(path, value) if held.rule in (MANUAL, IMPORT) else None
            if touched is not None:
                self.touching[path, touched] += 1


def covered(facts: Facts, path: str) -> bool:
    """Whether the ground of a path holds for a member: a consent, or where notice is enough no objection."""
    needed = purposes(path)
    if needed in BY_NOTICE:
        return not facts.barred(needed[0])
    return not needed or any(map(facts.agreed, needed))


def report(uow: UnitOfWork, world: World, at: Instant, standards: Standards) -> dict[str, Any]:
    """CONTRACT `report audit`: tags as they are at `at`, in the quarter of `at`."""
    held = _Held()
    for facts in _everybody(uow, world, at):
        held.take(facts, standards.screened)
    paths = [path for path in dict.fromkeys((*standards.paths, *sorted(held.holders))) if _close(path, standards)]
    uses = last_uses(uow, paths)
    rows = [_row(path, held, uses[path], world.zone, standards) for path in paths]
    return {
        "as_of": iso(at, world.zone),
        "quarter": _quarter(at, world.zone),
        "tags": rows,
        "findings": [*_findings(rows, held), *_touching(held)],
    }


def _close(path: str, standards: Standards) -> bool:
    return standards.sensitivity(path) != "普通"


def _everybody(uow: UnitOfWork, world: World, at: Instant) -> Iterable[Facts]:
    page: list[str] = []
    for member in ids(uow):
        page.append(member)
        if len(page) == PAGE:
            yield from tagging.look(uow, page, world, at).values()
            page = []
    yield from tagging.look(uow, page, world, at).values()


def _row(path: str, held: _Held, used: Instant | None, zone: ZoneInfo, standards: Standards) -> dict[str, Any]:
    uncovered = held.uncovered[path]
    return {
        "path": path,
        "sensitivity": standards.sensitivity(path),
        "holders": _hidden(held.holders[path]),
        "ground": _ground(path),
        "uncovered": _hidden(uncovered),
        "last_use": iso(used, zone),
        **standards.assessment(path),
    }


def _hidden(count: int) -> int | str:
    """Nobody is a number that may be told; a few people are not."""
    return told(count) if count else 0


def _ground(path: str) -> str:
    needed = purposes(path)
    if needed in BY_NOTICE:
        return f"告知，可拒绝（{needed[0]}）"
    return f"单独同意（{' 或 '.join(needed)}）" if needed else "群管理所需"


def _quarter(at: Instant, zone: ZoneInfo) -> str:
    day = to_datetime(at, zone)
    return f"{day.year}Q{(day.month + 2) // 3}"


def _findings(rows: list[dict[str, Any]], held: _Held) -> list[dict[str, Any]]:
    found = []
    for row in rows:
        path = row["path"]
        if held.uncovered[path]:
            found.append({"path": path, "finding": "有人持有却没有依据", "count": row["uncovered"]})
        if row["necessity"] == "未写明":
            found.append({"path": path, "finding": "没有写明必要性", "count": row["holders"]})
    return found


def _touching(held: _Held) -> list[dict[str, Any]]:
    return [
        {"path": path, "finding": f"涉及敏感个人信息：{touched}", "count": _hidden(count)}
        for (path, touched), count in sorted(held.touching.items())
    ]
