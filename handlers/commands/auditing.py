"""#审计: the quarterly audit of closely kept tags, in a director's direct chat only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services.reports import audit
from config.messages import Block, one_line
from handlers.auditing import standards_of
from handlers.commands.spec import Asked, Command


def _audit(asked: Asked) -> None:
    found = audit.report(asked.uow, asked.world(), asked.now, standards_of(asked.house))
    text = asked.text(
        "admin.audit",
        quarter=found["quarter"],
        lines=Block("\n".join(_line(row) for row in found["tags"] if row["holders"]) or "—"),
        findings=Block("\n".join(map(_finding, found["findings"])) or "—"),
    )
    asked.reply_directly(text)


def _line(row: Mapping[str, Any]) -> str:
    used = "从未" if row["last_use"] is None else row["last_use"][:10]
    return (
        f"· {row['path']}（{row['sensitivity']}）持有 {row['holders']}，缺依据 {row['uncovered']}，最后使用 {used}；"
        f"必要性：{row['necessity']}"
    )


def _finding(row: Mapping[str, Any]) -> str:
    return f"· {one_line(row['path'])}：{row['finding']}（{row['count']}）"


COMMANDS = (Command("#审计", "audit", _audit, needs="运营总监"),)
