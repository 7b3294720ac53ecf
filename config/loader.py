"""Rule files: strict TOML → RuleSet. What is absent has its default.

An unknown key, a wrong type or an impossible bar is refused in one Chinese line that names the file and section.key.
"""

from __future__ import annotations

import hashlib
from dataclasses import fields
from math import isnan
from pathlib import Path
from typing import Any, TypeVar, get_type_hints

from bot.core.ruleset import RuleSet
from bot.errors import BadInput
from config.bars import CUSTOM, impossible, longest
from config.custom_tags import read_custom
from config.strict import read_text, read_toml

_BYTE_ORDER_MARK = "\ufeff"
Section = TypeVar("Section")


def read_rule_file(path: Path) -> tuple[RuleSet, str]:
    """The rules of a file and its text, a byte order mark aside. Raises BadInput naming the file and section.key."""
    content = read_text(path)
    return parse_rules(content, path.name), content


def parse_rules(content: str, name: str = "规则") -> RuleSet:
    """Rules from TOML text; `name` begins every refusal. Raises BadInput."""
    data = read_toml(content.removeprefix(_BYTE_ORDER_MARK), name)
    try:
        rules = _rules(data)
        problem = impossible(rules)
    except ValueError as error:
        problem = str(error)
    if problem is not None:
        raise BadInput(f"{name}：{problem}")
    return rules


def digest(content: str) -> str:
    """What tells two rule files apart: the hash of their meaning, comments left out. Raises BadInput."""
    return hashlib.sha256(repr(parse_rules(content)).encode()).hexdigest()


def _rules(data: dict[str, Any]) -> RuleSet:
    """Raises ValueError naming section or section.key."""
    sections = get_type_hints(RuleSet)
    _refuse_unknown(data, set(sections), "")
    custom = read_custom(data.get(CUSTOM, []))
    bars = {name: _section(sections[name], name, content) for name, content in data.items() if name != CUSTOM}
    return RuleSet(**bars, custom=custom)


def _section(kind: type[Section], name: str, content: object) -> Section:
    if not isinstance(content, dict):
        raise ValueError(f"{name} 须为一节（[{name}]）")
    types = get_type_hints(kind)
    known = {one.name: types[one.name] for one in fields(kind)}  # type: ignore[arg-type]
    _refuse_unknown(content, set(known), f"{name}.")
    return kind(**{key: _number(f"{name}.{key}", known[key], value) for key, value in content.items()})


def _refuse_unknown(content: dict[str, Any], known: set[str], prefix: str) -> None:
    unknown = next((key for key in content if key not in known), None)
    if unknown is not None:
        raise ValueError(f"{prefix}{unknown} 是未知的{'键' if prefix else '节'}")


def _number(place: str, kind: type, value: object) -> float:
    """A bar as its field's type: whole numbers serve as fractions, never the other way round, and text never."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{place} 须为数字，不能是{_called(value)}")
    if kind is int and not isinstance(value, int):
        raise ValueError(f"{place} 须为整数，不能是 {value}")
    if isnan(value):
        raise ValueError(f"{place} 须为数字，不能是 nan")
    if value < 0:
        raise ValueError(f"{place} 不能是负数（{value}）")
    if value > longest(place):
        raise ValueError(f"{place} 太大，最多 {longest(place)}")
    return value if kind is int else float(value) + 0.0  # −0.0 becomes 0.0, so that equal rules have equal digests


def _called(value: object) -> str:
    if isinstance(value, str):
        return f"文字 {value[:20]!r}"
    names = {bool: "真假值", list: "列表", dict: "一节"}
    return names.get(type(value), "日期或时间")
