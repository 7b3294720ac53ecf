"""How right the tags are, by what people said of samples (RULEBOOK §8)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, Instant, iso
from bot.core.sampling import A_WEEK, KEY_PATHS, POOLED, WEEK, Quality
from bot.services.judging import pooled, together
from storage.unit_of_work import UnitOfWork

WORDS = {
    "window_days": "合并的天数",
    "asked_this_week": "最近 7 天已出题",
    "most_a_week": "每周最多",
    "key": "关键标签",
    "paths": "各标签",
    "judged": "已判",
    "wrong": "判错",
    "error_rate": "错误率",
    "interval": "95% 区间",
    "verdict": "结论",
}


def report(uow: UnitOfWork, now: Instant, zone: ZoneInfo) -> dict[str, Any]:
    """CONTRACT `report quality`."""
    found = pooled(uow, now)
    return {
        "as_of": iso(now, zone),
        "window_days": POOLED // DAY,
        "asked_this_week": len(uow.judgements.since(now - WEEK)),
        "most_a_week": A_WEEK,
        "key": _told(together(found, KEY_PATHS)),
        "paths": [{"path": path, **_told(one)} for path, one in found.items()],
    }


def _told(one: Quality) -> Mapping[str, Any]:
    low, high = one.interval
    return {
        "judged": one.judged,
        "wrong": one.wrong,
        "error_rate": None if one.rate is None else round(one.rate, 4),
        "interval": [round(low, 4), round(high, 4)],
        "verdict": one.verdict,
    }
