"""How grown-up each of the tag categories is, and what to improve first (RULEBOOK §8).

Accuracy: the share of right answers about its samples. Coverage: the share of members with at least one tag of it.
Timeliness: the share of its tags that were given, or whose member did something, within 90 days.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, Instant, iso
from bot.core.maturity import LEAST_JUDGED, PASS, Parts, maturity, weakest
from bot.core.sampling import Quality
from bot.services.judging import pooled, together
from storage.unit_of_work import UnitOfWork

FRESH = 90 * DAY
REST = "标签管理"
"""The category of what no other has: tags by hand, by other systems, by the operators' own rules."""
PARTS = {"accuracy": "准确", "coverage": "覆盖", "timeliness": "及时"}
ADVICE = {
    "accuracy": "用 #质检 多抽查，把判错多的规则门槛在 rules dry-run 里改好",
    "coverage": "补上数据来源：问卷、链接、订单或授权",
    "timeliness": "让沉默的成员重新互动，或清理长期没有新依据的标签",
}
WORDS = {
    "categories": "各类标签",
    "category": "类别",
    "score": "成熟度",
    "accuracy": "准确",
    "coverage": "覆盖",
    "timeliness": "及时",
    "note": "说明",
    "improvements": "改进项",
    "weakest": "最弱的一项",
    "advice": "怎么改",
}


def report(
    uow: UnitOfWork, at: Instant, now: Instant, zone: ZoneInfo, dimensions: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """CONTRACT `report maturity`: tags as they are at `at`, answers up to `now`. `dimensions`: paths by category."""
    members, judged = uow.members.count_met(), pooled(uow, now)
    rows = [
        _row(category, paths, _parts(uow, paths, members, at, together(judged, paths)))
        for category, paths in _grouped(uow, dimensions).items()
    ]
    return {"as_of": iso(at, zone), "categories": rows, "improvements": [_item(row) for row in rows if _is_low(row)]}


def _grouped(uow: UnitOfWork, dimensions: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """Every path held or known, once; what no category names falls to the last."""
    found = {category: list(paths) for category, paths in dimensions.items()}
    known = {path for paths in found.values() for path in paths}
    found.setdefault(REST, []).extend(path for path in uow.tags.paths() if path not in known)
    return found


def _parts(
    uow: UnitOfWork, paths: Sequence[str], members: int, at: Instant, quality: Quality
) -> dict[str, float | None]:
    holders, tags, fresh = uow.tags.spread(paths, at - FRESH)
    right = None if quality.rate is None or quality.judged < LEAST_JUDGED else 1 - quality.rate
    return {
        "accuracy": right,
        "coverage": min(1.0, holders / members) if members else None,
        "timeliness": fresh / tags if tags else None,
    }


def _row(category: str, paths: Sequence[str], parts: Parts) -> dict[str, Any]:
    score = maturity(parts)
    return {
        "category": category,
        "score": None if score is None else round(score, 1),
        **{name: None if value is None else round(value, 4) for name, value in parts.items()},
        "note": _note(parts),
    }


def _note(parts: Parts) -> str:
    unknown = [PARTS[name] for name, value in parts.items() if value is None]
    return f"{'、'.join(unknown)}未知，其余按权重折算" if unknown else ""


def _is_low(row: Mapping[str, Any]) -> bool:
    return row["score"] is not None and row["score"] < PASS


def _item(row: Mapping[str, Any]) -> dict[str, Any]:
    part = weakest({name: row[name] for name in PARTS}) or "coverage"
    return {"category": row["category"], "score": row["score"], "weakest": PARTS[part], "advice": ADVICE[part]}
