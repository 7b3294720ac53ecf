"""Held-out recall candidates compared with those recalled (RULEBOOK §9).

Both sides are counted by intention: whoever met the terms of a recall when it was planned, also if it was cancelled
because he came back first. Otherwise those who return by themselves would count on the held-out side only. A candidate
is counted once 30 days have passed, and once only: with his first candidacy of each 30 days.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.instants import MONTH, Instant
from bot.core.lifecycle import DECLINING, LOST
from bot.core.uplift import TOO_FEW, Arm, newcombe, verdict
from bot.services.outreach import HELD_OUT
from storage.rows import OutboxRow
from storage.unit_of_work import UnitOfWork

RECALL = "recall"
WITHIN = MONTH
"""How soon somebody must come back to count."""
WORDS = {
    "held_out": "对照组",
    "recalled": "召回组",
    "candidates": "人次",
    "returned": "30 天内回流",
    "rate": "回流率",
    "difference": "差值",
    "interval": "95% 区间",
    "verdict": "结论",
}


def report(uow: UnitOfWork, at: Instant) -> Mapping[str, Any]:
    """CONTRACT `report uplift`."""
    recalled, held_out = _arms(uow, at)
    told = verdict(recalled, held_out)
    known = told != TOO_FEW
    low, high = newcombe(recalled, held_out)
    return {
        "held_out": _side(held_out),
        "recalled": _side(recalled),
        "difference": round((recalled.rate or 0.0) - (held_out.rate or 0.0), 4) if known else None,
        "interval": [round(low, 4), round(high, 4)] if known else None,
        "verdict": told,
    }


def _side(arm: Arm) -> Mapping[str, Any]:
    return {
        "candidates": arm.candidates,
        "returned": arm.returned,
        "rate": None if arm.rate is None else round(arm.rate, 4),
    }


def _arms(uow: UnitOfWork, at: Instant) -> tuple[Arm, Arm]:
    counts = {True: [0, 0], False: [0, 0]}
    last: dict[str, Instant] = {}
    after = 0
    while rows := uow.outbox.page(kind=RECALL, after_id=after):
        after = rows[-1].id
        for row in rows:
            began = row.cause.get("at", row.created_at)
            if row.member is None or not _counts(row) or not began <= at - WITHIN:
                continue
            if began - last.get(row.member, began - WITHIN) < WITHIN:
                continue
            last[row.member] = began
            side = counts[row.reason == HELD_OUT]
            side[0] += 1
            side[1] += _returned(uow, row.member, began)
    return Arm(*counts[False]), Arm(*counts[True])


def _counts(row: OutboxRow) -> bool:
    """What was withheld for another reason (the bot only observed) belongs to neither side."""
    return row.reason == HELD_OUT or row.status in ("sent", "unknown", "failed", "cancelled")


def _returned(uow: UnitOfWork, member: str, began: Instant) -> bool:
    return any(
        began < move.at <= began + WITHIN and move.from_stage in (DECLINING, LOST) and bool(move.because.get("回流"))
        for move in uow.stages.of_member(member)
    )
