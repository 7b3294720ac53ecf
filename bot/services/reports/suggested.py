"""CONTRACT `report suggested`: words that could become tags, worked out anew from the texts still there."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.core.instants import Instant
from bot.core.suggested import LEAST_MEMBERS, WINDOW_DAYS
from bot.services.suggesting import Screen, find
from storage.unit_of_work import UnitOfWork

WORDS = {
    "window_days": "看最近几天",
    "least_members": "至少几人",
    "suggestions": "建议的标签",
    "word": "词",
    "members": "人数",
    "messages": "消息",
    "score": "得分",
    "number": "编号",
    "adopted": "已采纳的词",
}


def report(uow: UnitOfWork, screen: Screen, at: Instant) -> Mapping[str, Any]:
    """Each with its number for #采纳, None until the weekly job has found it too."""
    numbers = {row.word: row.number for row in uow.suggestions.open()}
    return {
        "window_days": WINDOW_DAYS,
        "least_members": LEAST_MEMBERS,
        "suggestions": [
            {
                "word": one.word,
                "members": one.members,
                "messages": one.messages,
                "score": one.score,
                "number": numbers.get(one.word),
            }
            for one in find(uow, screen, at)
        ],
        "adopted": uow.suggestions.adopted(),
    }
