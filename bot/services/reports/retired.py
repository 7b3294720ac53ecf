"""Tags that nobody used for 90 days (RULEBOOK §8): kept, not listed to admins, back as soon as one asks for them."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, Instant, iso
from bot.core.ruleset import RuleSet
from bot.services import uses
from bot.services.reports.people import told
from storage.unit_of_work import UnitOfWork

WORDS = {"watched_since": "从何时起记录", "retired": "已归档", "uses": "用过的标签", "way": "怎么用的"}


def report(uow: UnitOfWork, rules: RuleSet, now: Instant, zone: ZoneInfo) -> dict[str, Any]:
    """CONTRACT `report retired`: of the paths that somebody holds."""
    since = uow.deployment.get(uses.SINCE)
    gone = uses.retired(uow, uow.tags.paths(), rules, now)
    return {
        "as_of": iso(now, zone),
        "watched_since": None if since is None else iso(int(since), zone),
        "days": uses.RETIRED_AFTER // DAY,
        "retired": [
            {"path": path, "last_use": iso(used, zone), "holders": told(sum(uow.tags.count_by(path).values()))}
            for path, used in gone.items()
        ],
        "uses": [{"path": row.path, "way": row.way, "last_use": iso(row.at, zone)} for row in uow.tag_uses.all()],
    }
