"""#审计: the quarterly audit of closely kept tags, in a director's direct chat; and what sensitive ones are for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.services import protected
from bot.services.reports import audit
from config.messages import Block, one_line
from config.sensitive import categories
from handlers.auditing import standards_of
from handlers.commands.spec import Asked, Command, Misused

LONGEST_PURPOSE = 200
NO_MORE = "撤销"


def _audit(asked: Asked) -> None:
    """Without arguments the report; 目的 类别 文字 records what sensitive tags of a category are for."""
    words = asked.args.split(maxsplit=2)
    if not words:
        _report(asked)
    elif words[0] == "目的" and len(words) == 3:
        _purpose(asked, words[1], one_line(words[2], LONGEST_PURPOSE))
    else:
        raise Misused


def _purpose(asked: Asked, category: str, purpose: str) -> None:
    """Raises Misused for a category there is none of, or that no purpose opens."""
    allowed = [name for name in categories() if name != protected.CHILDREN]
    if category not in allowed:
        raise Misused(asked.text("admin.purpose_category", categories=Block("、".join(allowed))))
    if purpose == NO_MORE:
        protected.close(asked.uow, category)
    else:
        protected.record(asked.uow, category, purpose)
    key = "admin.purpose_closed" if purpose == NO_MORE else "admin.purpose_recorded"
    asked.confirm(asked.text(key, category=category))


def _purposes(asked: Asked) -> str:
    found = protected.recorded(asked.uow, categories())
    return "\n".join(f"· {category}：{purpose}" for category, purpose in found.items()) or "—"


def _report(asked: Asked) -> None:
    found = audit.report(asked.uow, asked.world(), asked.now, standards_of(asked.house))
    text = asked.text(
        "admin.audit",
        quarter=found["quarter"],
        lines=Block("\n".join(_line(row) for row in found["tags"] if row["holders"]) or "—"),
        purposes=Block(_purposes(asked)),
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
