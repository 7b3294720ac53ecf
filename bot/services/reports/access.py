"""Who read whose tags, and when: from the audit, which every such command and export writes (RULEBOOK §8)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

from bot.core.instants import DAY, Instant, iso
from storage.rows import AuditRow
from storage.unit_of_work import UnitOfWork

DAYS = 90
READING = frozenset(
    {"#成员", "#为什么", "#标签", "#名单", "#人脉", "#邀请榜", "#推送", "#召回", "#质检", "#导出"}
    | {"导出", "成员", "为什么"}  # on the command line
    | {"网页看板"}
)
"""Acts by which somebody sees tags that are not his own; those about nobody in particular show several people's."""
LATEST = 100
"""Single readings that are listed."""
WORDS = {
    "days": "天数",
    "reads": "查看",
    "refused": "被拒",
    "actors": "谁看过",
    "subjects": "谁被看过",
    "latest": "最近的查看",
    "actor": "查看者",
    "last": "最后一次",
    "subject": "被查看者",
    "action": "怎么看的",
    "allowed": "允许",
    "at": "时间",
}


def report(uow: UnitOfWork, now: Instant, zone: ZoneInfo) -> dict[str, Any]:
    """CONTRACT `report access`: the last 90 days; a refused attempt saw nothing and is counted apart."""
    rows = list(_readings(uow, now))
    return {
        "as_of": iso(now, zone),
        "days": DAYS,
        "reads": sum(row.allowed for row in rows),
        "refused": sum(not row.allowed for row in rows),
        "actors": _counted(uow, rows, "actor", zone),
        "subjects": _counted(uow, rows, "subject", zone),
        "latest": [_single(row, zone) for row in rows[:LATEST]],
    }


def _readings(uow: UnitOfWork, now: Instant) -> Iterator[AuditRow]:
    """The latest first; who looks at himself reads nobody else."""
    before: int | None = None
    while rows := uow.audit.page(before_id=before):
        before = rows[-1].id
        for row in rows:
            if row.at <= now - DAYS * DAY:
                return
            if row.action in READING and row.subject != row.actor:
                yield row


def _counted(uow: UnitOfWork, rows: list[AuditRow], side: str, zone: ZoneInfo) -> list[dict[str, Any]]:
    """Most readings first, then by id."""
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        who = getattr(row, side)
        if who is not None:
            counts = found.setdefault(who, {"reads": 0, "refused": 0, "last": iso(row.at, zone)})
            counts["reads" if row.allowed else "refused"] += 1
    names = uow.members.get_many(found)
    told = [{side: who, "name": names[who].name if who in names else "", **counts} for who, counts in found.items()]
    return sorted(told, key=lambda one: (-one["reads"], -one["refused"], one[side]))


def _single(row: AuditRow, zone: ZoneInfo) -> Mapping[str, Any]:
    told = {"at": iso(row.at, zone), "actor": row.actor, "action": row.action, "subject": row.subject}
    return {**told, "allowed": row.allowed, "detail": row.detail.get("参数", "")}
