"""Reasons of tags as a person reads them: facts and bars as words instead of values of the program."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from config.messages import one_line

LONGEST = 400
"""Characters of one line of reasons."""
CHECK = {"name", "hit", "detail"}
"""Keys of one check of a verdict."""


def reasons_of(values: Mapping[str, Any] | None) -> str:
    """Facts, bars or reasons in one line."""
    parts = [f"{key} {plain(value)}" for key, value in (values or {}).items() if value != {}]
    return one_line("；".join(parts), LONGEST) or "—"


def plain(value: Any) -> str:
    """One value of a reason, whatever it holds."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        return "（" + "，".join(f"{key} {plain(one)}" for key, one in value.items()) + "）"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return _checks(value) or "、".join(map(plain, value)) or "无"
    return "—" if value is None else date(str(value))


def _checks(values: Sequence[Any]) -> str:
    """The checks of a verdict, those that hit first; nothing for any other list."""
    if not values or not all(isinstance(one, Mapping) and one.keys() == CHECK for one in values):
        return ""
    hits = [f"{one['name']}（{one['detail']}）" if one["detail"] else one["name"] for one in values if one["hit"]]
    passed = [one["name"] for one in values if not one["hit"]]
    return f"命中 {'、'.join(hits) or '无'}，没有命中 {'、'.join(passed) or '无'}"


def date(text: str) -> str:
    """An ISO instant cut to the minute; any other text as it is."""
    try:
        return f"{datetime.fromisoformat(text):%Y-%m-%d %H:%M}" if "T" in text else text
    except ValueError:
        return text
